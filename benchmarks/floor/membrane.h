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
    double *own(const char *name) const { return in.values(std::string("neurons.") + name, size); }

    // States.
    double *membrane_potential = own("membrane_potential");
    double *spike_threshold = own("spike_threshold");
    double *slow_inactivation = own("slow_inactivation");
    double *ahp_conductance = own("ahp_conductance");
    double *cleft_glutamate = own("cleft_glutamate");
    double *spilled_glutamate = own("spilled_glutamate");
    double *ampa_open = own("ampa_open");
    double *ampa_desensitised = own("ampa_desensitised");
    double *nmda_open = own("nmda_open");
    double *gaba_a = own("gaba_a_conductance");
    double *gaba_a_slow = own("gaba_a_slow_conductance");
    double *gaba_b = own("gaba_b_conductance");
    double *glycine = own("glycine_conductance");

    // What the cell takes at the slow clock.
    double *calcium_charge = own("calcium_charge");
    double *leak_sodium_charge = own("leak_sodium_charge");
    double *synaptic_sodium_charge = own("synaptic_sodium_charge");
    double *spike_sodium_charge = own("spike_sodium_charge");
    double *discharges = own("discharges");
    double *releases = own("releases");
    double *motor_discharges = own("motor_discharges");

    // What changes at the slow clock alone. Currents that depend on the potential linearly and
    // otherwise on slow things only are one current and one conductance.
    double *alive = own("alive");
    double *potassium_reversal = own("potassium_reversal");
    double *sodium_reversal = own("sodium_reversal");
    double *transport_current = own("transport_current");
    double *ampa_available = own("ampa_available");
    double *ampa_tonic_open = own("ampa_tonic_open");
    double *nmda_available = own("nmda_available");
    double *nmda_tonic_open = own("nmda_tonic_open");
    double *release_mean = array(size);
    double *no_release = array(size, 1.0);
    double *slow_current = array(size);
    double *step_per_capacitance = array(size);
    double *ampa_gain = array(size), *ampa_tonic = array(size);
    double *nmda_gain = array(size), *nmda_tonic = array(size);
    double *kv7_change = own("kv7_change");
    double *persistent_sodium_change = own("persistent_sodium_change");
    double *sodium_leak_change = own("sodium_leak_change");

    // What stays.
    double *membrane_capacitance = own("membrane_capacitance");
    double *potassium_leak = own("potassium_leak");
    double *sodium_leak = own("sodium_leak");
    double *leak = array(size);
    double *injected_current = own("injected_current");
    double *ampa_conductance = own("ampa_conductance");
    double *nmda_conductance = own("nmda_conductance");
    double *ampa_calcium_fraction = own("ampa_calcium_fraction");
    double *calcium_channel_conductance = own("calcium_channel_conductance");
    double *threshold = array(size);
    double *ahp_remaining = array(size);
    double *background_rate = own("background_rate");
    double *command_rate = own("command_rate");
    int64_t *input_stream = in.values<int64_t>("neurons.input_stream", size);

    // A spike.
    double *excitable_from = own("excitable_from");
    double *silenced_from = own("silenced_from");
    double *restored_from = own("restored_from");
    double *reset_potential = own("reset_potential");
    double *refractory_period = own("refractory_period");
    double *sodium_per_spike = own("sodium_per_spike");
    double *calcium_per_spike = own("calcium_per_spike");
    double *spike_inactivation = own("spike_inactivation");
    double *ahp_increment = own("ahp_increment");
    double *vesicle_pool = own("vesicle_pool");
    double *vesicle_recovery_time = own("vesicle_recovery_time");
    double *release_probability = own("release_probability");
    double *transmitter_release = own("transmitter_release");
    double *last_release = own("last_release");
    double *released = own("released");

    Neurons(const Inputs &in, long size, double dt, double slow_dt)
        : in(in), size(size), dt(dt), slow_dt(slow_dt) {
        const double *ahp_time_constant = own("ahp_time_constant");
        const double *threshold_at_rest = own("threshold_at_rest");
        const double *excitability_loss = own("excitability_loss");
        for (long i = 0; i < size; i++) {
            leak[i] = potassium_leak[i] + sodium_leak[i];
            threshold[i] = threshold_at_rest[i] + excitability_loss[i];
            ahp_remaining[i] = 1.0 - dt / ahp_time_constant[i];
        }
        follow_cells();
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

    // membrane: what the cell hands back. A dead membrane has no currents.
    void follow_cells() {
#pragma GCC ivdep
        for (long i = 0; i < padded(size); i++) {
            slow_current[i] = potassium_leak[i] * potassium_reversal[i] +
                              sodium_leak[i] * sodium_reversal[i] - transport_current[i];
            step_per_capacitance[i] = dt * alive[i] / membrane_capacitance[i];
        }
    }

    // ampa, nmda: what receptor binding leaves of them.
    void follow_receptors() {
#pragma GCC ivdep
        for (long i = 0; i < padded(size); i++) {
            ampa_gain[i] = ampa_conductance[i] * ampa_available[i];
            ampa_tonic[i] = ampa_conductance[i] * ampa_tonic_open[i];
            nmda_gain[i] = nmda_conductance[i] * nmda_available[i];
            nmda_tonic[i] = nmda_conductance[i] * nmda_tonic_open[i];
        }
    }

    // One fast step of all neurons; afterwards `fired` are those above threshold.
    void step(int64_t tick, std::vector<int32_t> &fired) {
        const Neurons self = *this; // of its own: no store to an array can change a constant
        const double t = tick * dt;
        const double injected = clip(t / injection_ramp, 0.0, 1.0);
        fired.clear();
        for (long first = 0; first < size; first += BLOCK)
            if (self.block(first, tick, injected))
                for (long i = first; i < std::min(first + BLOCK, size); i++)
                    if (membrane_potential[i] > spike_threshold[i] && t >= excitable_from[i] &&
                        alive[i] > 0.5 &&
                        (t < silenced_from[i] || t >= restored_from[i]))
                        fired.push_back(i);
    }

    // All of a spike but what it does to others.
    void reset(int32_t i, double t) {
        excitable_from[i] = t + refractory_period[i];
        membrane_potential[i] =
            clip(reset_potential[i], potassium_reversal[i] + repolarisation_limit, 0.0);
        spike_sodium_charge[i] += sodium_per_spike[i] * membrane_capacitance[i] * 0.1;
        slow_inactivation[i] += spike_inactivation[i];
        ahp_conductance[i] += ahp_increment[i];
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
    const double per_release = shared("release_concentration") / shared("synapse_count");
    const double injection_ramp = shared("injection_ramp");
    const double excitatory_reversal = shared("excitatory_reversal");
    const double inhibitory_reversal = shared("inhibitory_reversal");
    const double calcium_reversal = shared("calcium_reversal");
    const double channel_half = shared("calcium_channel_half_activation");
    const double per_channel_slope = 1.0 / shared("calcium_channel_slope");
    const double magnesium = shared("magnesium") / shared("magnesium_dissociation");
    const double per_magnesium_voltage = 1.0 / shared("magnesium_voltage");
    const double nmda_calcium_step = dt * shared("nmda_calcium_fraction");
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
                per_release * poisson_releases(input_stream[i], tick, release_mean[i], no_release[i]);
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

            // calcium_channel: and the other
            const double channel = calcium_channel_conductance[i] * (calcium_reversal - v) /
                                   (1.0 + inline_exp((channel_half - v) * per_channel_slope));

            // gaba_a, gaba_a_slow, gaba_b, glycine, adaptation: by their reversal potentials
            const double chloride = gaba_a[i] + gaba_a_slow[i] + glycine[i];
            const double potassium = gaba_b[i] + ahp_conductance[i] + kv7_change[i];
            const double sodium = persistent_sodium_change[i] + sodium_leak_change[i];
            gaba_a[i] *= gaba_a_remaining;
            gaba_a_slow[i] *= gaba_a_slow_remaining;
            gaba_b[i] *= gaba_b_remaining;
            glycine[i] *= glycine_remaining;
            ahp_conductance[i] *= ahp_remaining[i];

            // ion_entry: what the cell will take
            const double sodium_driving = sodium_reversal[i] - v;
            calcium_charge[i] += dt * (ampa_calcium_fraction[i] * ampa * driving + channel) +
                                 nmda_calcium_step * nmda * driving;
            leak_sodium_charge[i] += dt * (sodium_leak[i] + sodium) * sodium_driving;
            synaptic_sodium_charge[i] += sodium_step * (ampa + nmda) * sodium_driving;

            // membrane
            const double current = slow_current[i] - leak[i] * v + injected * injected_current[i] +
                                   (ampa + nmda) * driving + chloride * (inhibitory_reversal - v) +
                                   potassium * (potassium_reversal[i] - v) +
                                   sodium * sodium_driving + channel;
            const double potential = v + step_per_capacitance[i] * current;
            membrane_potential[i] = potential;

            // spike_threshold: rises with what inactivates sodium channels
            const double beyond = v - threshold[i] - inactivation_offset;
            const double target =
                threshold[i] + slow_inactivation[i] +
                half_steepness * (beyond + std::sqrt(beyond * beyond + width_2));
            slow_inactivation[i] *= slow_inactivation_remaining;
            const double risen = spike_threshold[i] + threshold_share * (target - spike_threshold[i]);
            spike_threshold[i] = risen;
            above += potential > risen ? 1.0 : 0.0;
        }
        return above > 0.0;
    }
};
