// The slow clock inside a cell: calcium, mitochondria, energy and fate, by a midpoint step.
#pragma once

#include "cell_constants.h"
#include "cell_states.h"
#include "membrane.h"

struct Cells : CellConstants {
    Neurons &n;
    const long size;

    double *own(const char *name) const { return n.in.values(std::string("cells.") + name, size); }
    double *state(const char *name) const { return n.in.starts(std::string("cells.") + name, size); }

#define X(name) double *name = own(#name);
    FIXED(X)
#undef X
#define X(name) double *name = state(#name);
    STATES(X)
    RECORDED(X)
#undef X

    Cells(Neurons &neurons, long size)
        : CellConstants{neurons.in, neurons.slow_dt}, n(neurons), size(size) {}

    // By its name, for records.
    const double *find(const std::string &wanted) const {
#define X(name)                                                                                    \
    if (wanted == #name) return name;
        STATES(X)
        RECORDED(X)
#undef X
        return nullptr;
    }

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
        n.follow_currents();
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
            const double adp = adenine_total - y.atp, adp_2 = adp * adp;
            const double katp_atp = katp_constant * y.atp;
            n.katp_open_conductance[i] =
                living * c.katp_conductance * adp_2 / (adp_2 + katp_atp * katp_atp);
            n.sodium_reversal[i] = thermal_voltage * inline_log(extracellular_sodium / y.sodium);
            n.potassium_reversal[i] =
                thermal_voltage *
                inline_log(extracellular_potassium /
                           remaining_potassium(y));
            // fate and record
            mean_mitochondrial_potential[i] = (1.0 - y.pore_open) * y.mitochondrial_potential;
            const bool necrotic = y.necrosis >= 1.0, apoptotic = y.apoptosis >= 1.0;
            const double died = necrotic | apoptotic | (y.proteolysis >= 1.0) ? living : 0.0;
            death_mode[i] += died * (necrotic ? 1.0 : apoptotic ? 2.0 : 3.0);
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
            alive[i] * per * discharges[i] * axonal_spike_charge[i] / 3.0,
            alive[i] * per * releases[i] * vesicles_per_spike[i] * faraday / avogadro,
            membrane_potential[i],
            discharges[i] / dt,
            releases[i] / dt,
        };
    }

    INLINE double remaining_potassium(const State &y) const {
        return clip(intracellular_potassium - y.sodium + resting_sodium, extracellular_potassium,
                    intracellular_potassium);
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
        const double mcu = c.mitochondrial_fraction * ru360_left * c.mcu_maximum_rate * occupancy *
                           cube * voltage /
                           ((cube * one + gate) * (1.0 - psi_exp * psi_exp * exp_mcu_offset));
        // nclx
        const double sodium_3 = y.sodium * y.sodium * y.sodium;
        const double bound = sodium_3 * nclx_sodium_3;
        const double equilibrium = y.calcium * matrix_sodium_3 * psi_exp;
        const double nclx = c.mitochondrial_fraction * c.nclx_maximum_rate * bound *
                            (matrix_free - equilibrium) /
                            ((1.0 + bound) * (nclx_calcium + matrix_free + equilibrium));

        // fuels
        const double glucose = c.substrate_supply + glucose_in_bath, fuel = glucose + fuel_in_bath;
        const double glucose_level = glucose * fuel_scale / (glucose + fuel_half);
        const double substrate = fuel * fuel_scale / (fuel + fuel_half);
        // ros: the excess over rest
        const double excess = larger(y.ros - 1.0, 0.0);
        // atp: made
        const double adp = adenine_total - y.atp;
        const double drive = 1.0 / (1.0 + inline_exp((synthase_half - psi) * per_synthase));
        const double per_housekeeping = y.atp / (y.atp + housekeeping_atp);
        const double hydrolysis = c.mitochondrial_fraction * synthase_reverse * per_housekeeping;
        const double synthase_capacity =
            c.mitochondrial_fraction * oligomycin_left * c.synthase_maximum_rate * drive;
        const double synthesis =
            synthase_capacity * adp / (adp + synthase_adp) - (1.0 - drive) * hydrolysis;
        const double oxidative = polarised * synthesis - y.pore_open * hydrolysis;
        const double most_glycolysis = c.glycolysis_maximum_rate * glucose_level;
        const double glycolysis = most_glycolysis * adp / (adp + glycolysis_adp);
        // creatine_kinase
        const double free_creatine = c.total_creatine + added_creatine - y.phosphocreatine;
        const double kinase =
            kinase_rate * (y.atp * free_creatine - kinase_equilibrium * adp * y.phosphocreatine);
        // respiration
        const double chain =
            c.mitochondrial_fraction * c.respiration_maximum_rate * substrate * complex_iv_left *
            (1.0 + stimulation * matrix_free / (matrix_free + dehydrogenase_constant)) /
            (1.0 + excess * per_ros_inhibition);
        const double pumping =
            chain / (1.0 + inline_exp((psi - respiration_half) * per_respiration));
        // capacity
        const double leak = c.mitochondrial_fraction * proton_leak * psi;
        const double capacity =
            polarised * clip((chain - leak) * per_protons, 0.0, synthase_capacity) +
            most_glycolysis;

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
            polarised *
                (1.0 - ros_share +
                 ros_share * inline_exp((psi - resting_potential) * per_ros_slope)) *
                (1.0 + ros_calcium_gain * ros_calcium * ros_calcium) +
            ros_cytochrome_gain * y.cytochrome_c + ros_pore_gain * (y.pore_open - y.cytochrome_c);

        // mptp
        const double oxidation = olesoxime_left * pore_ros * excess;
        const double staying =
            (y.calcium * per_pore_calcium + olesoxime_left * pore_depolarisation + oxidation) *
            per_cyclosporin;
        const double opening = (load / c.retention_capacity +
                                olesoxime_left * pore_depolarisation *
                                    clip(1.0 - psi / resting_potential, 0.0, 1.0) +
                                oxidation) * per_cyclosporin;
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
        // calpain
        const double bound_calpain = y.calcium * per_calpain_constant;
        const double calpain_3 = bound_calpain * bound_calpain * bound_calpain;
        const double calpain = calpain_left * calpain_3 / (1.0 + calpain_3);
        // fate: the sodium and potassium gradients that are lost
        const double gradient =
            thermal_voltage * inline_log(extracellular_sodium * remaining_potassium(y) /
                                         (extracellular_potassium * y.sodium));
        const double lost = clip(1.0 - gradient / c.resting_gradient, 0.0, 1.0) * per_gradient_loss;
        const double lost_4 = lost * lost * lost * lost, failing = lost_4 / (1.0 + lost_4);
        const double apoptosome = y.cytochrome_c / (y.cytochrome_c + apoptosome_constant);

        const double into_matrix = polarised * (mcu - nclx) - pore_release;
        const double entry = in.calcium + c.calcium_leak;
        State d;
        d.calcium = (entry - chelator_arrival * (1.0 - chelator_free) - calbindin - parvalbumin -
                     pmca - ncx.flux - into_matrix) * per_capacity;
        d.calbindin_calcium = calbindin;
        d.parvalbumin_calcium = parvalbumin;
        d.parvalbumin_magnesium = magnesium;
        d.calcium_entered = entry;
        d.calcium_extruded = pmca + ncx.flux;
        d.matrix_calcium = into_matrix / c.mitochondrial_fraction;
        d.mitochondrial_potential =
            (pumping - leak - 2.0 * mcu - nclx - protons_per_atp * synthesis) * per_capacitance /
            c.mitochondrial_fraction;
        d.atp = oxidative + glycolysis - used - kinase;
        d.phosphocreatine = kinase;
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
        d.ros = (ros_production - y.ros * (independent_removal + reserve_share * y.antioxidant +
                                           antioxidant_drugs)) * per_ros_time;
        d.antioxidant = (1.0 - y.antioxidant) / c.antioxidant_recovery * y.atp / (y.atp + antioxidant_atp) -
                        antioxidant_use * excess * y.antioxidant;
        d.integrated_ros = excess;
        d.protein_carbonyl = (resting_carbonyl * y.ros - y.protein_carbonyl) * per_carbonyl_time;
        d.lipid_peroxidation = (resting_peroxide * y.ros - y.lipid_peroxidation) * per_peroxide_time;
        d.pore_open = opening_rate * opens * (1.0 - y.pore_open) - closing_rate * closes * pores -
                      contraction - replacement;
        d.swollen = pores * per_swelling - contraction - y.swollen * per_rupture;
        d.cytochrome_c = y.swollen * per_rupture - replacement;
        d.proteolysis = calpain * per_proteolysis -
                        (1.0 - calpain) * y.proteolysis * per_proteolysis_recovery;
        d.necrosis = failing * per_necrosis - (1.0 - failing) * y.necrosis * per_necrosis_recovery;
        d.apoptosis = apoptosome * per_apoptosis * y.atp / (y.atp + apoptosis_atp) -
                      (1.0 - apoptosome) * y.apoptosis * per_apoptosis_recovery;
        d.total_potential = in.potential;
        d.total_leak_sodium = in.leak_sodium;
        d.total_spike_sodium = in.spike_sodium;
        d.total_synaptic_sodium = in.synaptic_sodium;
        d.total_discharges = in.discharges;
        d.total_releases = in.releases;
        d.total_free_calcium = y.calcium;
        d.total_mitochondrial_potential = psi;
        d.total_uptake = mcu;
        return d;
    }
};
