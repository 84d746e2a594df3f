// The slow clock around a neuron: glutamate outside the synapses, astrocyte, receptor binding and
// the muscle unit. Nothing is in the bath, but its terms are there: constants of value zero.
#pragma once

#include "membrane.h"

struct Surroundings {
    Neurons &n;
    double *perisynaptic_glutamate = n.state("perisynaptic_glutamate");
    double *astrocyte_atp = n.state("astrocyte_atp");
    double *mk801_block = n.state("mk801_block"), *memantine_block = n.state("memantine_block");
    double *naspm_block = n.state("naspm_block");
    double *twitch_onset = n.state("twitch_onset");
    double *twitch_sum = n.state("twitch_sum");
    double *force = n.state("force");
    double *mean_excitatory = n.state("mean_excitatory_conductance");
    double *mean_inhibitory = n.state("mean_inhibitory_conductance");
    double *kv7_open = n.state("kv7_open");
    double *kv7_opened_by_drug = n.state("kv7_opened_by_drug");

    explicit Surroundings(Neurons &neurons) : n(neurons) {
        const auto sources = read_file<int32_t>("static_arrays/_static_array__array_beside_sources");
        const auto targets = read_file<int32_t>("static_arrays/_static_array__array_beside_targets");
        std::vector<char> seen(n.size);
        for (size_t k = 0; k < sources.size(); k++) // everyone has two neighbours
            (seen[targets[k]]++ ? after : before)[targets[k]] = sources[k];
    }

    // By its name, for records.
    const double *find(const std::string &name) const {
        if (name == "perisynaptic_glutamate") return perisynaptic_glutamate;
        if (name == "astrocyte_atp") return astrocyte_atp;
        if (name == "mean_excitatory_conductance") return mean_excitatory;
        if (name == "mean_inhibitory_conductance") return mean_inhibitory;
        return name == "force" ? force : nullptr;
    }

    // One midpoint step.
    void step() {
        const Surroundings self = *this; // of its own: no store to an array can change a constant
        self.step_all(n.slow_dt);
        for (long i = 0; i < n.size; i++)
            neighbouring[i] =
                0.5 * (perisynaptic_glutamate[before[i]] + perisynaptic_glutamate[after[i]]);
        n.follow_receptors();
        n.follow_currents();
    }

  private:
    INLINE void step_all(double dt) const {
        const Neurons n = this->n;
        const double half = 0.5 * dt;
#pragma GCC ivdep
        for (long i = 0; i < n.size; i++) {
            const double inflow = cleft_volume_ratio / dt * n.spilled_glutamate[i] +
                                  exchange_rate * (neighbouring[i] - perisynaptic_glutamate[i]);
            n.spilled_glutamate[i] = 0.0;
            const double firing_rate = n.motor_discharges[i] / dt;
            n.motor_discharges[i] = 0.0;
            const double per_contraction = 1.0 / twitch_contraction_time[i];
            const double peak = E * twitch_force[i];

            double glutamate = perisynaptic_glutamate[i], atp = astrocyte_atp[i];
            double blocked = mk801_block[i], trapped = memantine_block[i];
            double permeable = naspm_block[i];
            const double naspm_access =
                clip(naspm_rate * (n.ampa_open[i] + n.ampa_tonic_open[i]), 0.0, naspm_fastest);
            double onset = twitch_onset[i], sum = twitch_sum[i], held = force[i];
            double kv7 = kv7_open[i], drugged = kv7_opened_by_drug[i];
            double d_glutamate, d_atp, d_blocked, d_trapped, d_permeable, d_onset, d_sum, d_force;
            // synaptic_conductance
            const double v = n.membrane_potential[i];
            const double excitatory =
                n.ampa_gain[i] * n.ampa_open[i] + n.ampa_tonic[i] +
                (n.nmda_gain[i] * n.nmda_open[i] + n.nmda_tonic[i]) /
                    (1.0 + magnesium * inline_exp(-v * per_magnesium_voltage));
            const double inhibitory = n.gaba_a[i] + n.gaba_a_slow[i] + n.gaba_b[i] + n.glycine[i];
            mean_excitatory[i] += averaged * (excitatory - mean_excitatory[i]);
            mean_inhibitory[i] += averaged * (inhibitory - mean_inhibitory[i]);
            // kv7: the potential is that of the step's begin, so the steady states are, too
            const double steady = 1.0 / (1.0 + inline_exp((kv7_half - v) * per_kv7_slope));
            const double shifted =
                1.0 / (1.0 + inline_exp((kv7_half - v - kv7_shift) * per_kv7_slope));
            const double kv7_half_step = kv7 + half * (steady - kv7) * per_kv7_time;
            const double drugged_half_step =
                drugged + half * (shifted - steady - drugged) * per_kv7_time;
            kv7_open[i] = kv7 += dt * (steady - kv7_half_step) * per_kv7_time;
            kv7_opened_by_drug[i] = drugged +=
                dt * (shifted - steady - drugged_half_step) * per_kv7_time;
            n.kv7_change[i] = kv7_density[i] * n.membrane_capacitance[i] *
                              ((1.0 - kv7_loss[i]) * drugged - kv7_loss[i] * kv7);
            // persistent_sodium, membrane_lipids
            n.persistent_sodium_change[i] =
                ((1.0 + sodium_gain[i]) * (1.0 - riluzole_block) - 1.0) * sodium_density[i] *
                n.membrane_capacitance[i] /
                (1.0 + inline_exp((sodium_half - v) * per_sodium_slope));
            n.sodium_leak_change[i] = -leak_repair * n.sodium_leak[i];
            // nmda_binding: what glutamate outside the synapses holds open
            const auto held_open = [&](double g) {
                const double agonism = per_nmda_half_activation * g;
                const double agonism_15 = agonism * std::sqrt(agonism);
                return extrasynaptic * (1.0 - nmda_occupied) * agonism_15 / (1.0 + agonism_15) +
                       nmda_steady;
            };
            const auto rates = [&](double g, double a, double b, double m, double p, double on,
                                   double s, double f) {
                // perisynaptic and astrocyte: uptake costs the astrocyte ATP
                const double uptake =
                    astrocyte_uptake * a / (a + uptake_atp_constant) * g / (eaat2_half + g);
                const double adp = astrocyte_adenine - a;
                d_glutamate = inflow - uptake - neuronal_uptake * g / (eaat3_half + g) +
                              escape_rate * (ambient_glutamate - g) + ambient_release;
                d_atp = supply * adp / (adp + adp_constant) - housekeeping * a / (a + atp_constant) -
                        atp_per_uptake * uptake;
                // nmda_binding, permeable_ampa_block: blockers enter channels that are open
                const double open = n.nmda_open[i] + held_open(g), unblocked = 1.0 - b - m;
                d_blocked =
                    clip(mk801_rate * open, 0.0, 200.0) * unblocked - mk801_dissociation * b;
                d_trapped = clip(open * per_nmda_steady, 0.0, memantine_fastest) * memantine_rate *
                            (memantine * unblocked - memantine_half * m);
                d_permeable = naspm_access * (naspm * (1.0 - p) - naspm_half * p);
                // muscle_unit
                const double overlap = s / E;
                const double fused =
                    MOST * (1.0 - inline_exp(-2.0 * overlap * overlap * overlap));
                d_onset = E * firing_rate - on * per_contraction;
                d_sum = (on - s) * per_contraction;
                d_force = (peak * smaller(larger(overlap, fused), MOST) - f) * per_averaging_time;
            };
            rates(glutamate, atp, blocked, trapped, permeable, onset, sum, held);
            rates(glutamate + half * d_glutamate, atp + half * d_atp, blocked + half * d_blocked,
                  trapped + half * d_trapped, permeable + half * d_permeable,
                  onset + half * d_onset, sum + half * d_sum, held + half * d_force);
            perisynaptic_glutamate[i] = glutamate += dt * d_glutamate;
            astrocyte_atp[i] = atp + dt * d_atp;
            mk801_block[i] = blocked += dt * d_blocked;
            memantine_block[i] = trapped += dt * d_trapped;
            n.permeable_ampa_block[i] = naspm_block[i] = permeable + dt * d_permeable;
            twitch_onset[i] = onset + dt * d_onset;
            twitch_sum[i] = sum + dt * d_sum;
            force[i] = held + dt * d_force;

            const double unblocked = 1.0 - blocked - trapped;
            n.nmda_available[i] = unblocked * (1.0 - nmda_occupied);
            n.nmda_tonic_open[i] = unblocked * held_open(glutamate);
            n.ampa_available[i] = 1.0 / (1.0 + ampa_agonism);
            n.ampa_tonic_open[i] = ampa_response * n.ampa_available[i];
        }
    }

    static constexpr double E = 2.718281828459045, MOST = 3.329265502036529;
    int32_t *before = array<int32_t>(n.size), *after = array<int32_t>(n.size);
    double *neighbouring = n.state("neighbouring_glutamate");
    double *twitch_force = n.own("twitch_force");
    double *twitch_contraction_time = n.own("twitch_contraction_time");
    double *kv7_density = n.own("kv7_density"), *kv7_loss = n.own("kv7_loss");
    double *sodium_density = n.own("persistent_sodium_density");
    double *sodium_gain = n.own("persistent_sodium_gain");
    const double kv7_half = n.shared("kv7_half_potential");
    const double per_kv7_slope = 1.0 / n.shared("kv7_slope");
    const double per_kv7_time = 1.0 / n.shared("kv7_time_constant");
    const double sodium_half = n.shared("persistent_sodium_half_potential");
    const double per_sodium_slope = 1.0 / n.shared("persistent_sodium_slope");
    const double kv7_shift = n.bath("retigabine"); // no drug: none of what it does
    const double riluzole_block = n.bath("riluzole");
    const double leak_repair = n.bath("lipid_precursor");
    const double per_averaging_time = 1.0 / n.shared("force_averaging_time");
    // A midpoint step towards what stays during it.
    const double share = n.slow_dt / n.shared("conductance_averaging_time");
    const double averaged = share * (1.0 - 0.5 * share);
    const double magnesium = n.shared("magnesium") / n.shared("magnesium_dissociation");
    const double per_magnesium_voltage = 1.0 / n.shared("magnesium_voltage");
    const double cleft_volume_ratio = n.shared("cleft_volume_ratio");
    const double exchange_rate = n.shared("glutamate_exchange_rate");
    const double uptake_half = n.shared("uptake_half_saturation");
    const double eaat2_half = uptake_half * (1.0 + n.bath("dihydrokainate"));
    const double eaat3_half = uptake_half * (1.0 + n.bath("tboa"));
    const double escape_rate = n.shared("glutamate_escape_rate");
    const double ambient_glutamate = n.shared("ambient_glutamate");
    const double neuronal_uptake = n.shared("neuronal_uptake_maximum_rate");
    const double ambient_release = (n.shared("eaat2_maximum_rate") + neuronal_uptake) *
                                   ambient_glutamate / (uptake_half + ambient_glutamate);
    const double uptake_atp_constant = n.shared("uptake_atp_constant");
    const double resting_astrocyte_atp = n.shared("resting_astrocyte_atp");
    const double astrocyte_uptake = n.shared("eaat2") * (1.0 + n.in.start("neurons.eaat2_induction")) *
                                    n.shared("eaat2_maximum_rate") *
                                    (resting_astrocyte_atp + uptake_atp_constant) /
                                    resting_astrocyte_atp;
    const double astrocyte_adenine = n.shared("astrocyte_adenine");
    const double supply = n.shared("astrocyte_supply") * n.shared("astrocyte_maximum_supply");
    const double adp_constant = n.shared("astrocyte_adp_constant");
    const double atp_constant = n.shared("astrocyte_atp_constant");
    const double housekeeping = n.shared("astrocyte_housekeeping");
    const double atp_per_uptake = n.shared("atp_per_uptake") * n.shared("uptake_volume_ratio");
    const double per_nmda_half_activation = 1.0 / n.shared("nmda_half_activation");
    const double extrasynaptic = n.shared("extrasynaptic_fraction");
    const double mk801_rate = n.shared("mk801_association_rate") * n.bath("mk801");
    const double mk801_dissociation = n.shared("mk801_dissociation_rate");
    const double most_steady = (1.0 + extrasynaptic) * n.shared("nmda_steady_response");
    const double per_nmda_steady = 1.0 / most_steady;
    const double memantine = n.bath("memantine"), memantine_half = n.shared("memantine_half_block");
    const double memantine_rate = n.shared("memantine_association_rate");
    const double memantine_fastest = 200.0 / (memantine_rate * (memantine + memantine_half));
    const double naspm = n.bath("naspm"), naspm_half = n.shared("naspm_half_block");
    const double naspm_rate = n.shared("naspm_association_rate");
    const double naspm_fastest = 200.0 / (naspm + naspm_half);
    const double nmda_occupied = n.bath("nmda"); // no agonist: none
    const double nmda_steady = most_steady * nmda_occupied;
    const double ampa_agonism = n.bath("ampa"), ampa_response = n.bath("kainate");
};
