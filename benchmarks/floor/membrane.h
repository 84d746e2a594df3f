// The fast clock: membrane, synaptic receptors and random input of every neuron, and their spikes.
#pragma once

#include <algorithm>
#include <cmath>

#include "inputs.h"
#include "vector_math.h" // the engine's generator of random releases, and its exponential

#define INLINE [[gnu::always_inline]] inline

// By value: the references of std::max would keep a loop from being vectorised.
INLINE double larger(double a, double b) { return a > b ? a : b; }
INLINE double smaller(double a, double b) { return a < b ? a : b; }
INLINE double clip(double x, double low, double high) { return smaller(larger(x, low), high); }

struct Neurons {
    const Inputs &in;
    const long size;
    const double dt, slow_dt;

    double shared(const char *name) const { return in.value(std::string("neurons.") + name); }
    double bath(const char *agent) const { return in.start(std::string("neurons.") + agent + "_bath"); }
    double *own(const char *name) const { return in.values(std::string("neurons.") + name, size); }
    double *state(const char *name) const { return in.starts(std::string("neurons.") + name, size); }

    // States.
    double *membrane_potential = state("membrane_potential");
    double *spike_threshold = state("spike_threshold");
    double *slow_inactivation = state("slow_inactivation");
    double *ahp_conductance = state("ahp_conductance");
    double *cleft_glutamate = state("cleft_glutamate");
    double *spilled_glutamate = state("spilled_glutamate");
    double *ampa_open = state("ampa_open");
    double *ampa_desensitised = state("ampa_desensitised");
    double *nmda_open = state("nmda_open");
    double *gaba_a = state("gaba_a_conductance");
    double *gaba_a_slow = state("gaba_a_slow_conductance");
    double *gaba_b = state("gaba_b_conductance"), *gaba_b_binding = state("gaba_b_binding");
    double *gaba_b_most = array(size);
    double *glycine = state("glycine_conductance");
    double *calcium_channel_open = state("calcium_channel_open");

    // What the cell takes at the slow clock.
    double *calcium_charge = state("calcium_charge");
    double *leak_sodium_charge = state("leak_sodium_charge");
    double *synaptic_sodium_charge = state("synaptic_sodium_charge");
    double *spike_sodium_charge = state("spike_sodium_charge");
    double *discharges = state("discharges");
    double *releases = state("releases");
    double *motor_discharges = state("motor_discharges");

    // What changes at the slow clock alone. Currents that depend on the potential linearly and
    // otherwise on slow things only are one current and one conductance.
    double *alive = state("alive");
    double *potassium_reversal = state("potassium_reversal");
    double *sodium_reversal = state("sodium_reversal");
    double *transport_current = state("transport_current");
    double *ampa_available = state("ampa_available");
    double *ampa_tonic_open = state("ampa_tonic_open");
    double *permeable_ampa_block = state("permeable_ampa_block");
    double *nmda_available = state("nmda_available");
    double *nmda_tonic_open = state("nmda_tonic_open");
    double *release_mean = array(size);
    double *no_release = array(size, 1.0);
    double *slow_current = array(size), *slow_conductance = array(size);
    double *slow_sodium_conductance = array(size);
    double *step_per_capacitance = array(size);
    double *ampa_gain = array(size), *ampa_tonic = array(size), *ampa_calcium = array(size);
    double *nmda_gain = array(size), *nmda_tonic = array(size);
    double *kv7_change = state("kv7_change");
    double *persistent_sodium_change = state("persistent_sodium_change");
    double *sodium_leak_change = state("sodium_leak_change");
    double *katp_open_conductance = state("katp_open_conductance");

    // What stays.
    double *membrane_capacitance = own("membrane_capacitance");
    double *potassium_leak = own("potassium_leak");
    double *sodium_leak = own("sodium_leak");
    double *injected_current = own("injected_current");
    double *ampa_conductance = own("ampa_conductance");
    double *nmda_conductance = own("nmda_conductance");
    double *permeable_ampa_fraction = own("permeable_ampa_fraction");
    double *calcium_channel_conductance = own("calcium_channel_conductance");
    double *calcium_channel_half = own("calcium_channel_half_activation");
    double *dendritic_depolarisation = own("dendritic_depolarisation");
    double *threshold = array(size);
    double *ahp_remaining = array(size);
    double *per_release = array(size); // what a release of weight 1 adds to the cleft
    double *per_event = array(size);   // and an external event
    double *gaba_a_tonic_share = array(size), *gaba_b_tonic_share = array(size);
    double *background_rate = own("background_rate");
    double *command_rate = own("command_rate");
    int64_t *input_stream = in.values<int64_t>("neurons.input_stream", size);

    // A spike.
    double *excitable_from = state("excitable_from");
    double *silenced_from = state("silenced_from");
    double *restored_from = state("restored_from");
    double *reset_potential = own("reset_potential");
    double *refractory_period = own("refractory_period");
    double *spike_sodium = array(size);
    double *calcium_per_spike = own("calcium_per_spike");
    double *spike_inactivation = own("spike_inactivation");
    double *spike_threshold_rise = own("spike_threshold_rise");
    double *ahp_increment = own("ahp_increment");
    double *vesicle_pool = state("vesicle_pool");
    double *vesicle_recovery_time = own("vesicle_recovery_time");
    double *release_probability = own("release_probability");
    double *transmitter_release = own("transmitter_release");
    double *last_release = state("last_release");
    double *released = state("released");
    double *utilisation = state("utilisation");
    double *utilisation_at_rest = own("utilisation_at_rest");
    double *facilitation_time = own("facilitation_time");
    double *facilitated = state("facilitated");

    Neurons(const Inputs &in, long size, double dt, double slow_dt)
        : in(in), size(size), dt(dt), slow_dt(slow_dt) {
        const double *ahp_time_constant = own("ahp_time_constant");
        const double *threshold_at_rest = own("threshold_at_rest");
        const double *excitability_loss = own("excitability_loss");
        const double *scale = own("inhibitory_conductance_scale");
        const double *synapse_count = own("synapse_count"), *receptors = own("gaba_a_receptors");
        const double *afferent_weight = own("afferent_weight");
        const double *sodium_per_spike = own("sodium_per_spike");
        const double *spike_invasion = own("spike_invasion");
        const double muscimol = bath("muscimol") / shared("muscimol_half_activation");
        const double baclofen = bath("baclofen") / shared("baclofen_half_activation");
        const double gaba_a = shared("gaba_a_density") * shared("gaba_a_steady_response") *
                              muscimol / (1.0 + muscimol);
        const double gaba_b = shared("gaba_b_density") * baclofen / (1.0 + baclofen);
        for (long i = 0; i < size; i++) {
            threshold[i] = threshold_at_rest[i] + excitability_loss[i];
            ahp_remaining[i] = 1.0 - dt / ahp_time_constant[i];
            per_release[i] = shared("release_concentration") / synapse_count[i];
            per_event[i] = afferent_weight[i] * per_release[i];
            spike_sodium[i] = 0.1 * sodium_per_spike[i] * spike_invasion[i] * membrane_capacitance[i];
            gaba_a_tonic_share[i] =
                (1.0 - gaba_a_slow_remaining) * gaba_a * receptors[i] * membrane_capacitance[i];
            gaba_b_tonic_share[i] = (1.0 - gaba_b_remaining) * gaba_b * membrane_capacitance[i];
            gaba_b_most[i] = shared("gaba_b_maximum") * scale[i];
        }
        follow_currents();
        follow_receptors();
    }

    // drive: the motor command, and the mean of the random releases that it and the background
    // bring in a fast step.
    void follow_command(double t) {
        const double ramp = shared("command_ramp");
        const double phase = (t - shared("command_from")) * shared("command_frequency");
        const double on = phase - std::floor(phase) < shared("command_duty");
        const auto share = [](double x) { return clip(x, 0.0, 1.0); };
        const double command = shared("command_level") * on *
                               share((t - shared("command_from")) / ramp) *
                               share((shared("command_until") - t) / ramp);
#pragma GCC ivdep
        for (long i = 0; i < padded(size); i++) {
            release_mean[i] = (background_rate[i] + command_rate[i] * command) * dt;
            no_release[i] = inline_exp(-release_mean[i]);
        }
    }

    // membrane, kv7, katp_current, persistent_sodium, membrane_lipids: what cells and surroundings
    // leave of the currents. A dead membrane has none.
    void follow_currents() {
#pragma GCC ivdep
        for (long i = 0; i < padded(size); i++) {
            const double potassium = potassium_leak[i] + katp_open_conductance[i] + kv7_change[i];
            const double sodium =
                sodium_leak[i] + persistent_sodium_change[i] + sodium_leak_change[i];
            slow_current[i] = potassium * potassium_reversal[i] + sodium * sodium_reversal[i] -
                              transport_current[i];
            slow_conductance[i] = potassium + sodium;
            slow_sodium_conductance[i] = sodium;
            step_per_capacitance[i] = dt * alive[i] / membrane_capacitance[i];
        }
    }

    // ampa, nmda: what receptor binding leaves of them, and the calcium of an ampa conductance.
    void follow_receptors() {
#pragma GCC ivdep
        for (long i = 0; i < padded(size); i++) {
            const double permeable = permeable_ampa_fraction[i];
            const double left = permeable * (1.0 - permeable_ampa_block[i]);
            const double total = 1.0 - permeable + left;
            ampa_gain[i] = total * ampa_conductance[i] * ampa_available[i];
            ampa_tonic[i] = total * ampa_conductance[i] * ampa_tonic_open[i];
            ampa_calcium[i] = dt * permeation *
                              (ampa_calcium_fraction * (1.0 - permeable) +
                               permeable_ampa_calcium_fraction * left) / total;
            nmda_gain[i] = nmda_conductance[i] * nmda_available[i];
            nmda_tonic[i] = nmda_conductance[i] * nmda_tonic_open[i];
        }
    }

    // One fast step of all neurons; afterwards `fired` are those above threshold.
    void step(int64_t tick, std::vector<int32_t> &fired) {
        const Neurons self = *this; // of its own: no store to an array can change a constant
        const double t = tick * dt;
        const double injected = clip(t / injection_ramp, 0.0, 1.0) *
                                clip((injection_until - t) / injection_ramp, 0.0, 1.0);
        fired.clear();
        for (long first = 0; first < size; first += BLOCK)
            if (self.block(first, tick, injected))
                for (long i = first; i < std::min(first + BLOCK, size); i++)
                    if (membrane_potential[i] > spike_threshold[i] && t >= excitable_from[i] &&
                        alive[i] > 0.5 &&
                        (t < silenced_from[i] || t >= restored_from[i]))
                        fired.push_back(i);
    }

    // Those that have died in this step do not fire any more.
    void forget_dead(std::vector<int32_t> &fired) const {
        const auto dead = [&](int32_t i) { return alive[i] < 0.5; };
        fired.erase(std::remove_if(fired.begin(), fired.end(), dead), fired.end());
    }

    // All of a spike but what it does to others.
    void reset(int32_t i, double t) {
        excitable_from[i] = t + refractory_period[i];
        membrane_potential[i] =
            clip(reset_potential[i], potassium_reversal[i] + repolarisation_limit, 0.0);
        spike_sodium_charge[i] += spike_sodium[i];
        spike_threshold[i] += spike_threshold_rise[i];
        slow_inactivation[i] += spike_inactivation[i];
        ahp_conductance[i] += ahp_increment[i];
        const double least = utilisation_at_rest[i];
        const double used = least + (utilisation[i] - least) *
                                        inline_exp(-(t - last_release[i]) / facilitation_time[i]);
        facilitated[i] = transmitter_release[i] * used / least;
        utilisation[i] = used + least * (1.0 - used);
        const double full =
            1.0 - (1.0 - vesicle_pool[i]) *
                      inline_exp(-(t - last_release[i]) / vesicle_recovery_time[i]);
        released[i] = transmitter_release[i] * full;
        vesicle_pool[i] = full * (1.0 - release_probability[i]);
        last_release[i] = t;
        releases[i] += released[i];
        calcium_charge[i] += calcium_per_spike[i];
        discharges[i] += 1.0;
        motor_discharges[i] += 1.0;
    }

  private:
    const double injection_ramp = shared("injection_ramp");
    const double injection_until = shared("injection_until");
    const double excitatory_reversal = shared("excitatory_reversal");
    const double inhibitory_reversal = shared("inhibitory_reversal");
    const double calcium_reversal = shared("calcium_reversal");
    const double channel_share = dt / shared("calcium_channel_time_constant");
    const double per_channel_slope = 1.0 / shared("calcium_channel_slope");
    const double magnesium = shared("magnesium") / shared("magnesium_dissociation");
    const double per_magnesium_voltage = 1.0 / shared("magnesium_voltage");
    const double ampa_calcium_fraction = shared("ampa_calcium_fraction");
    const double permeable_ampa_calcium_fraction = shared("permeable_ampa_calcium_fraction");
    const double permeant_reversal = shared("permeant_calcium_reversal");
    const double permeation = (excitatory_reversal - shared("fraction_potential")) /
                              (permeant_reversal - shared("fraction_potential"));
    const double nmda_calcium = dt * permeation * shared("nmda_calcium_fraction");
    const double ttx = bath("ttx");
    const double sodium_channel_block = shared("ttx_lift") * ttx / (ttx + shared("ttx_inhibition"));
    const double sodium_step = dt * shared("synaptic_sodium_fraction");
    const double inactivation_offset = shared("inactivation_offset");
    const double half_steepness = 0.5 * shared("inactivation_steepness");
    const double width_2 = 4 * shared("inactivation_width") * shared("inactivation_width");
    const double threshold_share = dt / shared("threshold_time_constant");
    const double slow_inactivation_remaining = 1.0 - dt / shared("slow_inactivation_time");
    const double cleft_share = dt / shared("cleft_time_constant");
    const double ampa_binding = dt * shared("ampa_binding_rate");
    const double ampa_closing = dt / shared("ampa_decay");
    const double ampa_desensitising = ampa_closing * shared("ampa_desensitisation");
    const double ampa_recovering = dt / shared("ampa_resensitisation");
    const double nmda_binding = dt * shared("nmda_binding_rate");
    const double nmda_closing = dt / shared("nmda_decay");
    const double gaba_a_remaining = 1.0 - dt / shared("gaba_a_decay");
    const double gaba_a_slow_remaining = 1.0 - dt / shared("gaba_a_slow_decay");
    const double gaba_b_unbinding = 1.0 - dt / shared("gaba_b_binding_decay");
    const double gaba_b_half = shared("gaba_b_half_binding") * shared("gaba_b_half_binding");
    const double gaba_b_opening = dt * shared("gaba_b_opening_rate");
    const double gaba_b_remaining = 1.0 - dt / shared("gaba_b_decay");
    const double glycine_remaining = 1.0 - dt / shared("glycine_decay");
    const double repolarisation_limit = shared("repolarisation_limit");

    // Whether any of them is above threshold: few blocks have one.
    INLINE bool block(long first, int64_t tick, double injected) const {
        double above = 0.0;
#pragma GCC ivdep
        for (long i = first; i < first + BLOCK; i++) {
            const double v = membrane_potential[i];
            const double driving = excitatory_reversal - v;

            // glutamate: random releases arrive in the cleft, and are cleared from it
            const double cleft =
                cleft_glutamate[i] +
                per_event[i] * poisson_releases(input_stream[i], tick, release_mean[i], no_release[i]);
            const double cleared = cleft_share * cleft;
            cleft_glutamate[i] = cleft - cleared;
            spilled_glutamate[i] += cleared;

            // ampa
            const double open = ampa_open[i], desensitised = ampa_desensitised[i];
            const double ampa = ampa_gain[i] * open + ampa_tonic[i];
            ampa_open[i] = open + ampa_binding * cleft * (1.0 - open - desensitised) - ampa_closing * open;
            ampa_desensitised[i] =
                desensitised + ampa_desensitising * open - ampa_recovering * desensitised;

            // nmda: the magnesium block needs one exponential
            const double unblocked = 1.0 / (1.0 + magnesium * inline_exp(-v * per_magnesium_voltage));
            const double nmda = (nmda_gain[i] * nmda_open[i] + nmda_tonic[i]) * unblocked;
            nmda_open[i] +=
                nmda_binding * cleft * (1.0 - nmda_open[i]) - nmda_closing * nmda_open[i];

            // calcium_channel: and its gate the other, at the potential of the dendrites
            const double gate = calcium_channel_open[i];
            const double channel = calcium_channel_conductance[i] * gate * (calcium_reversal - v);
            const double below = calcium_channel_half[i] - v - dendritic_depolarisation[i] * gate;
            calcium_channel_open[i] =
                gate + channel_share * (1.0 / (1.0 + inline_exp(below * per_channel_slope)) - gate);

            // gaba_a, gaba_a_slow, gaba_b, glycine, adaptation: by their reversal potentials
            const double chloride = gaba_a[i] + gaba_a_slow[i] + glycine[i];
            const double potassium = gaba_b[i] + ahp_conductance[i];
            gaba_a[i] *= gaba_a_remaining;
            gaba_a_slow[i] = gaba_a_slow_remaining * gaba_a_slow[i] + gaba_a_tonic_share[i];
            const double bound = gaba_b_binding[i] * gaba_b_binding[i];
            gaba_b[i] = gaba_b_remaining * gaba_b[i] + gaba_b_tonic_share[i] +
                        gaba_b_opening * bound / (bound + gaba_b_half) * (gaba_b_most[i] - gaba_b[i]);
            gaba_b_binding[i] *= gaba_b_unbinding;
            glycine[i] *= glycine_remaining;
            ahp_conductance[i] *= ahp_remaining[i];

            // ion_entry: what the cell will take; of a dead one nobody does
            const double sodium_driving = sodium_reversal[i] - v;
            calcium_charge[i] += (ampa_calcium[i] * ampa + nmda_calcium * nmda) *
                                     (permeant_reversal - v) + dt * channel;
            leak_sodium_charge[i] += dt * slow_sodium_conductance[i] * sodium_driving;
            synaptic_sodium_charge[i] += sodium_step * (ampa + nmda) * sodium_driving;

            // membrane
            const double current = slow_current[i] - slow_conductance[i] * v +
                                   injected * injected_current[i] +
                                   (ampa + nmda) * driving + chloride * (inhibitory_reversal - v) +
                                   potassium * (potassium_reversal[i] - v) + channel;
            const double potential = v + step_per_capacitance[i] * current;
            membrane_potential[i] = potential;

            // spike_threshold: rises with what inactivates sodium channels
            const double beyond = v - threshold[i] - inactivation_offset;
            const double target =
                threshold[i] + sodium_channel_block + slow_inactivation[i] +
                half_steepness * (beyond + std::sqrt(beyond * beyond + width_2));
            slow_inactivation[i] *= slow_inactivation_remaining;
            const double risen = spike_threshold[i] + threshold_share * (target - spike_threshold[i]);
            spike_threshold[i] = risen;
            above += potential > risen ? 1.0 : 0.0;
        }
        return above > 0.0;
    }
};
