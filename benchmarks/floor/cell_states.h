// What differs between cells: states, what is recorded beside them, and what stays.
#pragma once

// All states, in one list: how they are loaded, advanced and stored is the same for each.
#define STATES(X)                                                                                  \
    X(calcium) X(calbindin_calcium) X(parvalbumin_calcium) X(parvalbumin_magnesium)                \
    X(calcium_entered) X(calcium_extruded) X(matrix_calcium) X(mitochondrial_potential) X(atp)     \
    X(phosphocreatine) X(sodium) X(sodium_of_spikes) X(sodium_of_synapses) X(sodium_of_exchange)   \
    X(atp_produced_oxidative) X(atp_produced_glycolytic) X(atp_used_resting)                       \
    X(atp_used_action_potentials) X(atp_used_postsynaptic) X(atp_used_calcium)                     \
    X(atp_used_release) X(atp_used_recycling) X(atp_used_housekeeping) X(atp_used_maintenance)     \
    X(atp_capacity) X(energy_margin) X(ros) X(antioxidant)                                         \
    X(integrated_ros) X(protein_carbonyl) X(lipid_peroxidation) X(pore_open) X(swollen)            \
    X(cytochrome_c) X(proteolysis) X(necrosis) X(apoptosis)                                        \
    X(total_potential) X(total_leak_sodium) X(total_spike_sodium) X(total_synaptic_sodium)         \
    X(total_discharges) X(total_releases) X(total_free_calcium)                                    \
    X(total_mitochondrial_potential) X(total_uptake)

// What else is recorded.
#define RECORDED(X)                                                                                \
    X(alive) X(membrane_potential) X(mean_mitochondrial_potential) X(death_mode) X(time_of_death)  \
    X(time_of_pore_opening) X(peak_calcium) X(minimum_atp)

#define FIXED(X)                                                                                   \
    X(buffer_capacity) X(calbindin_sites) X(parvalbumin_sites) X(extrusion_rate) X(calcium_leak)   \
    X(mcu_maximum_rate) X(nclx_maximum_rate) X(mitochondrial_fraction)                             \
    X(respiration_maximum_rate) X(substrate_supply) X(synthase_maximum_rate)                       \
    X(glycolysis_maximum_rate) X(housekeeping_rate) X(pump_maximum_rate) X(pump_sodium_constant)   \
    X(axonal_spike_charge) X(vesicles_per_spike) X(retention_capacity) X(cytosolic_volume)         \
    X(maintenance_rate) X(antioxidant_recovery) X(total_creatine) X(katp_conductance)              \
    X(resting_gradient)

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
    double potential, discharges, releases;
};
