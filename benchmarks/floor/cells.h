// The slow clock inside a cell: calcium, mitochondria, energy and fate, by a midpoint step.
#pragma once

#include "cell_constants.h"
#include "membrane.h"

// All states, in one list: how they are loaded, advanced and stored is the same for each.
#define STATES(X)                                                                                  \
    X(calcium) X(calbindin_calcium) X(parvalbumin_calcium) X(parvalbumin_magnesium)                \
    X(calcium_entered) X(calcium_extruded) X(matrix_calcium) X(mitochondrial_potential) X(atp)     \
    X(sodium) X(sodium_of_spikes) X(sodium_of_synapses) X(sodium_of_exchange)                      \
    X(atp_produced_oxidative) X(atp_produced_glycolytic) X(atp_used_resting)                       \
    X(atp_used_action_potentials) X(atp_used_postsynaptic) X(atp_used_calcium)                     \
    X(atp_used_release) X(atp_used_recycling) X(atp_used_housekeeping) X(atp_used_maintenance)     \
    X(atp_capacity) X(energy_margin) X(ros) X(antioxidant)                                         \
    X(integrated_ros) X(protein_carbonyl) X(lipid_peroxidation) X(pore_open) X(swollen)            \
    X(cytochrome_c) X(necrosis) X(apoptosis)

#define FIXED(X)                                                                                   \
    X(buffer_capacity) X(calbindin_sites) X(parvalbumin_sites) X(extrusion_rate) X(calcium_leak)   \
    X(mcu_maximum_rate) X(nclx_maximum_rate) X(mitochondrial_fraction)                             \
    X(respiration_maximum_rate) X(substrate_supply) X(synthase_maximum_rate)                       \
    X(glycolysis_maximum_rate) X(housekeeping_rate) X(pump_maximum_rate) X(pump_sodium_constant)   \
    X(axonal_spike_charge) X(vesicles_per_spike) X(retention_capacity) X(cytosolic_volume)         \
    X(maintenance_rate) X(antioxidant_recovery)

struct State {
#define X(name) double name;
    STATES(X)
#undef X
};

struct Fixed {
#define X(name) double name;
    FIXED(X)
#undef X
};

// What the membrane gives to a step: potential, and entries per time and volume.
struct Taken {
    double pump_voltage, out_over_in; // exp(potential/thermal voltage)
    double calcium, leak_sodium, spike_sodium, synaptic_sodium;
    double axon, vesicles; // per ATP available
};

struct Cells : CellConstants {
    Neurons &n;
    const long size;

    double *own(const char *name) const { return n.in.values(std::string("cells.") + name, size); }

#define X(name) double *name = own(#name);
    STATES(X)
    FIXED(X)
#undef X
    double *alive = own("alive");
    double *membrane_potential = own("membrane_potential");
    double *mean_mitochondrial_potential = own("mean_mitochondrial_potential");
    double *death_mode = own("death_mode");
    double *time_of_death = own("time_of_death");
    double *time_of_pore_opening = own("time_of_pore_opening");
    double *peak_calcium = own("peak_calcium");
    double *minimum_atp = own("minimum_atp");

    Cells(Neurons &neurons, long size)
        : CellConstants{neurons.in, neurons.slow_dt}, n(neurons), size(size) {}

    // What the membrane has collected, at its potential of now.
    void take() {
#pragma GCC ivdep
        for (long i = 0; i < size; i++) {
            membrane_potential[i] = n.membrane_potential[i];
            calcium_charge[i] = n.calcium_charge[i];
            leak_sodium_charge[i] = n.leak_sodium_charge[i];
            spike_sodium_charge[i] = n.spike_sodium_charge[i];
            synaptic_sodium_charge[i] = n.synaptic_sodium_charge[i];
            discharges[i] = n.discharges[i];
            releases[i] = n.releases[i];
            n.calcium_charge[i] = n.leak_sodium_charge[i] = n.spike_sodium_charge[i] = 0.0;
            n.synaptic_sodium_charge[i] = n.discharges[i] = n.releases[i] = 0.0;
        }
    }

    // One midpoint step, and what it hands back to the membrane.
    void step(double t) {
        const Cells self = *this; // of its own: no store to an array can change a constant
        self.step_all(t + dt + 1.0);
        n.follow_cells();
    }

  private:
    INLINE void step_all(double now) const {
#pragma GCC ivdep
        for (long i = 0; i < size; i++) {
#define X(name) name[i],
            State y{STATES(X)};
            const Fixed c{FIXED(X)};
#undef X
            const Taken in = entries(i);
            const double living = alive[i];
            const State first = rates(y, c, in);
#define X(name) y.name + 0.5 * dt * living * first.name,
            const State half{STATES(X)};
#undef X
            const State second = rates(half, c, in);
#define X(name) name[i] = y.name += dt * living * second.name;
            STATES(X)
#undef X
            // hand back
            const double exported = pump(y, c, in) - exchange(y, c, in).flux;
            n.transport_current[i] = living * exported * faraday * c.cytosolic_volume;
            n.sodium_reversal[i] = thermal_voltage * inline_log(extracellular_sodium / y.sodium);
            n.potassium_reversal[i] =
                thermal_voltage *
                inline_log(extracellular_potassium /
                         clip(intracellular_potassium - y.sodium + resting_sodium,
                                    extracellular_potassium, intracellular_potassium));
            // fate and record
            mean_mitochondrial_potential[i] = (1.0 - y.pore_open) * y.mitochondrial_potential;
            const bool necrotic = y.necrosis >= 1.0, apoptotic = y.apoptosis >= 1.0;
            const double died = necrotic | apoptotic ? living : 0.0;
            death_mode[i] += died * (2 - necrotic);
            time_of_death[i] += died * now;
            n.alive[i] = alive[i] = living - died;
            const bool opened = (time_of_pore_opening[i] < 0.0) & (y.pore_open > 0.5);
            time_of_pore_opening[i] += opened ? now : 0.0;
            peak_calcium[i] = larger(peak_calcium[i], y.calcium);
            minimum_atp[i] = smaller(minimum_atp[i], y.atp);
        }
    }

    double *calcium_charge = array(size), *leak_sodium_charge = array(size);
    double *spike_sodium_charge = array(size), *synaptic_sodium_charge = array(size);
    double *discharges = array(size), *releases = array(size);

    // Its flux outwards is forwards less backwards.
    struct Exchange {
        double forwards, backwards, flux;
    };

    INLINE Taken entries(long i) const {
        const double volume = faraday * cytosolic_volume[i], per = 1.0 / (volume * dt);
        const double out_over_in = inline_exp(membrane_potential[i] * per_thermal);
        const double weak = pump_weak * inline_exp(-0.1 * membrane_potential[i] * per_thermal);
        return {
            out_over_in / (out_over_in * (1.0 + weak) + pump_strong),
            out_over_in,
            0.5 * per * calcium_charge[i],
            per * leak_sodium_charge[i],
            per * spike_sodium_charge[i],
            per * synaptic_sodium_charge[i],
            per * discharges[i] * axonal_spike_charge[i] / 3.0,
            per * releases[i] * vesicles_per_spike[i] * faraday / avogadro,
        };
    }

    INLINE double pump(const State &y, const Fixed &c, const Taken &in) const {
        const double bound = y.sodium / (y.sodium + c.pump_sodium_constant);
        return c.pump_maximum_rate * bound * bound * bound * in.pump_voltage * y.atp /
               (y.atp + pump_atp);
    }

    INLINE Exchange exchange(const State &y, const Fixed &c, const Taken &in) const {
        const double ratio = y.sodium / extracellular_sodium;
        const double turnover =
            (1.0 - pmca_fraction) * c.extrusion_rate * y.calcium * ncx_half / (ncx_half + y.calcium);
        const double drive =
            1.0 - extracellular_calcium * ratio * ratio * ratio * in.out_over_in / y.calcium;
        const double forwards = larger(drive, 0.0), backwards = forwards - drive;
        return {turnover * forwards, turnover * backwards, turnover * drive};
    }

    INLINE State rates(const State &y, const Fixed &c, const Taken &in) const {
        const double psi = y.mitochondrial_potential;
        const double psi_exp = inline_exp(-psi * per_thermal);

        // chelator, and the binding that buffers take part in
        const double chelator_free = chelator_dissociation / (chelator_dissociation + y.calcium);
        const double per_capacity =
            1.0 / (1.0 + c.buffer_capacity +
                   chelator * chelator_free / (chelator_dissociation + y.calcium));
        const double calbindin_free = c.calbindin_sites - y.calbindin_calcium;
        const double parvalbumin_free =
            c.parvalbumin_sites - y.parvalbumin_calcium - y.parvalbumin_magnesium;
        const double relaxation =
            (calbindin_on * calbindin_free + parvalbumin_on * parvalbumin_free) * per_capacity;
        // calbindin
        const double calbindin =
            (calbindin_on * y.calcium * calbindin_free - calbindin_off * y.calbindin_calcium) *
            damping(dt * (calbindin_on * y.calcium + calbindin_off + relaxation));
        // parvalbumin
        const double parvalbumin =
            (parvalbumin_on * y.calcium * parvalbumin_free -
             parvalbumin_off * y.parvalbumin_calcium) *
            damping(dt * (parvalbumin_on * y.calcium + parvalbumin_off + relaxation));
        const double magnesium =
            (magnesium_on * parvalbumin_free - magnesium_off * y.parvalbumin_magnesium) *
            magnesium_damping;

        // extrusion
        const double pmca = pmca_fraction * c.extrusion_rate * y.calcium * pmca_half * y.atp /
                            ((pmca_half + y.calcium) * (y.atp + pmca_atp_constant));
        const Exchange ncx = exchange(y, c, in);

        // matrix: free calcium
        const double polarised = clip(1.0 - y.pore_open, 0.001, 1.0);
        const double load = y.matrix_calcium / polarised;
        const double solubility =
            free_maximum * inline_exp((resting_potential - psi) * per_solubility);
        const double matrix_free = solubility * load / (load + matrix_buffer);
        // mcu
        const double occupancy = y.calcium * per_translocation, one = 1.0 + occupancy;
        const double gate =
            allosteric_constant * inline_exp(-2.8 * inline_log(1.0 + y.calcium * per_activation));
        const double voltage = 2.0 * psi * per_thermal + mcu_offset;
        const double cube = one * one * one;
        const double mcu = ru360_left * c.mcu_maximum_rate * occupancy * cube * voltage /
                           ((cube * one + gate) * (1.0 - psi_exp * psi_exp * exp_mcu_offset));
        // nclx
        const double sodium_3 = y.sodium * y.sodium * y.sodium;
        const double bound = sodium_3 * nclx_sodium_3;
        const double equilibrium = y.calcium * matrix_sodium_3 * psi_exp;
        const double nclx = c.nclx_maximum_rate * bound * (matrix_free - equilibrium) /
                            ((1.0 + bound) * (nclx_calcium + matrix_free + equilibrium));

        // ros: the excess over rest
        const double excess = larger(y.ros - 1.0, 0.0);
        // atp: made
        const double adp = adenine_total - y.atp;
        const double drive = 1.0 / (1.0 + inline_exp((synthase_half - psi) * per_synthase));
        const double per_housekeeping = y.atp / (y.atp + housekeeping_atp);
        const double hydrolysis = synthase_reverse * per_housekeeping;
        const double synthesis =
            oligomycin_left * c.synthase_maximum_rate * drive * adp / (adp + synthase_adp) -
            (1.0 - drive) * hydrolysis;
        const double oxidative = polarised * synthesis - y.pore_open * hydrolysis;
        const double glycolysis = c.glycolysis_maximum_rate * adp / (adp + glycolysis_adp);
        // respiration
        const double substrate =
            c.substrate_supply + clip(1.0 - c.substrate_supply, 0.0, ketone_supply);
        const double chain =
            c.respiration_maximum_rate * substrate *
            (1.0 + stimulation * matrix_free / (matrix_free + dehydrogenase_constant)) /
            (1.0 + excess * per_ros_inhibition);
        const double pumping =
            chain / (1.0 + inline_exp((psi - respiration_half) * per_respiration));
        // capacity
        const double synthase_capacity = oligomycin_left * c.synthase_maximum_rate * drive;
        const double capacity =
            polarised * clip((chain - proton_leak * psi) * per_protons, 0.0, synthase_capacity) +
            c.glycolysis_maximum_rate;

        // sodium_pump, transmission, ledger: ATP used, by what it is used for
        const double pumped = pump(y, c, in);
        const double per_sodium = 1.0 / y.sodium, pump_per_sodium = pumped * per_sodium;
        const double exported =
            3.0 * (pump_per_sodium + ncx.backwards * per_sodium);
        const double energy = y.atp / (y.atp + pump_atp);
        const double axon = energy * in.axon, vesicles = energy * in.vesicles;
        const double release = vesicles * atp_per_release, recycling = vesicles * atp_per_recycling;
        const double housekeeping = c.housekeeping_rate * per_housekeeping;
        const double maintenance = c.maintenance_rate * per_housekeeping;
        const double used =
            pmca + housekeeping + pumped + axon + release + recycling + maintenance;

        // ros, oxidative_damage
        const double ros_calcium = matrix_free / (matrix_free + ros_calcium_constant);
        const double ros_production =
            polarised * (1.0 - ros_share +
                         ros_share * inline_exp((psi - resting_potential) * per_ros_slope) +
                         ros_calcium_gain * ros_calcium * ros_calcium) +
            ros_cytochrome_gain * y.cytochrome_c + ros_pore_gain * (y.pore_open - y.cytochrome_c);

        // mptp
        const double oxidation = olesoxime_left * pore_ros * excess;
        const double staying =
            (y.calcium * per_pore_calcium + olesoxime_left * pore_depolarisation + oxidation) /
            cyclosporin;
        const double opening = (load / c.retention_capacity +
                                olesoxime_left * pore_depolarisation *
                                    clip(1.0 - psi / resting_potential, 0.0, 1.0) +
                                oxidation) / cyclosporin;
        const auto power_8 = [](double x) {
            x *= x;
            x *= x;
            return x * x;
        };
        const double closes = 1.0 / (1.0 + power_8(staying));
        const double opening_8 = power_8(opening), opens = opening_8 / (1.0 + opening_8);
        const double pore_release = c.mitochondrial_fraction * y.matrix_calcium * opening_rate * opens;
        // swelling, fate
        const double pores = y.pore_open - y.swollen - y.cytochrome_c;
        const double contraction = closes * y.swollen * per_contraction;
        const double replacement = y.cytochrome_c * per_replacement;
        const double atp_2 = y.atp * y.atp;
        const double failing = necrosis_atp_4 / (necrosis_atp_4 + atp_2 * atp_2);
        const double apoptosome = y.cytochrome_c / (y.cytochrome_c + apoptosome_constant);

        const double into_matrix = polarised * (mcu - nclx) - pore_release;
        const double entry = in.calcium + c.calcium_leak;
        State d;
        d.calcium = (entry - calbindin - parvalbumin - pmca - ncx.flux - into_matrix) * per_capacity;
        d.calbindin_calcium = calbindin;
        d.parvalbumin_calcium = parvalbumin;
        d.parvalbumin_magnesium = magnesium;
        d.calcium_entered = entry;
        d.calcium_extruded = pmca + ncx.flux;
        d.matrix_calcium = into_matrix / c.mitochondrial_fraction;
        d.mitochondrial_potential =
            (pumping - proton_leak * psi - 2.0 * mcu - nclx - protons_per_atp * synthesis) *
            per_capacitance;
        d.atp = oxidative + glycolysis - used;
        d.sodium = in.leak_sodium + in.spike_sodium + in.synaptic_sodium + 3.0 * (ncx.flux - pumped);
        d.sodium_of_spikes = in.spike_sodium - exported * y.sodium_of_spikes;
        d.sodium_of_synapses = in.synaptic_sodium - exported * y.sodium_of_synapses;
        d.sodium_of_exchange =
            3.0 * ncx.forwards - exported * y.sodium_of_exchange;
        d.atp_produced_oxidative = oxidative;
        d.atp_produced_glycolytic = glycolysis;
        d.atp_used_resting = pump_per_sodium * (y.sodium - y.sodium_of_spikes -
                                                y.sodium_of_synapses - y.sodium_of_exchange);
        d.atp_used_action_potentials = pump_per_sodium * y.sodium_of_spikes + axon;
        d.atp_used_postsynaptic = pump_per_sodium * y.sodium_of_synapses;
        d.atp_used_calcium = pump_per_sodium * y.sodium_of_exchange + pmca;
        d.atp_used_release = release;
        d.atp_used_recycling = recycling;
        d.atp_used_housekeeping = housekeeping;
        d.atp_used_maintenance = maintenance;
        d.atp_capacity = capacity;
        d.energy_margin =
            (1.0 - used / (capacity + least_capacity) - y.energy_margin) * per_margin_time;
        d.ros = (ros_production - y.ros * (y.antioxidant + edaravone)) * per_ros_time;
        d.antioxidant = (1.0 - y.antioxidant) / c.antioxidant_recovery * y.atp / (y.atp + antioxidant_atp) -
                        antioxidant_use * excess * y.antioxidant;
        d.integrated_ros = excess;
        d.protein_carbonyl = (resting_carbonyl * y.ros - y.protein_carbonyl) * per_carbonyl_time;
        d.lipid_peroxidation = (resting_peroxide * y.ros - y.lipid_peroxidation) * per_peroxide_time;
        d.pore_open = opening_rate * opens * (1.0 - y.pore_open) - closing_rate * closes * pores -
                      contraction - replacement;
        d.swollen = pores * per_swelling - contraction - y.swollen * per_rupture;
        d.cytochrome_c = y.swollen * per_rupture - replacement;
        d.necrosis = failing * per_necrosis - (1.0 - failing) * y.necrosis * per_necrosis_recovery;
        d.apoptosis = apoptosome * per_apoptosis * y.atp / (y.atp + apoptosis_atp) -
                      (1.0 - apoptosome) * y.apoptosis * per_apoptosis_recovery;
        return d;
    }
};
