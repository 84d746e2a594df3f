// What is the same in all cells and stays, as it is used: by mechanism.
#pragma once

#include <cmath>

#include "inputs.h"

struct CellConstants {
    const Inputs &in;
    const double dt;

    double shared(const char *name) const { return in.value(std::string("cells.") + name); }

    double bath(const char *drug) const { return in.start(std::string("cells.") + drug + "_bath"); }

    // Damps a binding that is fast against the step.
    static double damping(double stiffness) {
        return (2.0 + stiffness) / (2.0 + stiffness * (1.0 + stiffness));
    }

    // cytosol, drugs (none given: constants of value zero or one)
    const double chelator = in.start("cells.chelator");
    const double chelator_arrival = bath("bapta"), added_creatine = bath("creatine");
    const double antioxidant_drugs = bath("edaravone") + bath("ascorbate"); // a removal of ROS
    const double fuel_in_bath = bath("lactate"), glucose_in_bath = bath("glucose");
    const double complex_iv_left = 1.0 - bath("cyanide"), calpain_left = 1.0 - bath("calpain_inhibitor");
    const double uncoupling = bath("fccp"), oligomycin_left = 1.0 - bath("oligomycin");
    const double ru360_left = 1.0 - bath("ru360"), olesoxime_left = 1.0 - bath("olesoxime");
    const double per_cyclosporin = 1.0 - bath("cyclosporin");
    const double chelator_dissociation = shared("chelator_dissociation");
    // calbindin, parvalbumin
    const double calbindin_on = shared("calbindin_association_rate");
    const double calbindin_off = shared("calbindin_dissociation_rate");
    const double parvalbumin_on = shared("parvalbumin_association_rate");
    const double parvalbumin_off = shared("parvalbumin_dissociation_rate");
    const double magnesium_on =
        shared("parvalbumin_magnesium_association_rate") * shared("cytosolic_magnesium");
    const double magnesium_off = shared("parvalbumin_magnesium_dissociation_rate");
    const double magnesium_damping = damping(dt * (magnesium_on + magnesium_off));
    // extrusion
    const double pmca_half = shared("pmca_half_saturation");
    const double pmca_fraction = shared("pmca_fraction");
    const double pmca_atp_constant = shared("pmca_atp_constant");
    const double ncx_half = shared("ncx_half_saturation");
    const double extracellular_calcium = shared("extracellular_calcium");
    // mcu, nclx, matrix
    const double thermal_voltage = shared("thermal_voltage"), per_thermal = 1.0 / thermal_voltage;
    const double per_translocation = 1.0 / shared("mcu_translocation_constant");
    const double per_activation = 1.0 / shared("mcu_activation_constant");
    const double allosteric_constant = shared("mcu_allosteric_constant");
    const double mcu_offset = 1e-6 - 2.0 * shared("mcu_voltage_offset") * per_thermal;
    const double exp_mcu_offset = std::exp(-mcu_offset);
    const double nclx_sodium_3 = std::pow(shared("nclx_sodium_constant"), -3);
    const double nclx_calcium = shared("nclx_calcium_constant");
    const double matrix_sodium_3 = std::pow(shared("matrix_sodium_ratio"), 3);
    const double resting_potential = shared("resting_mitochondrial_potential");
    const double per_solubility = 1.0 / shared("solubility_slope");
    const double free_maximum = shared("matrix_free_maximum");
    const double matrix_buffer = shared("matrix_buffer_capacity") * free_maximum;
    // fuels, respiration, atp, creatine_kinase, katp
    const double fuel_half = shared("fuel_half_saturation"), fuel_scale = 1.0 + fuel_half;
    const double respiration_half = shared("respiration_half_potential");
    const double per_respiration = 1.0 / shared("respiration_slope");
    const double stimulation = shared("dehydrogenase_stimulation");
    const double dehydrogenase_constant = shared("dehydrogenase_constant");
    const double per_ros_inhibition = 1.0 / shared("ros_inhibition_constant");
    const double proton_leak = shared("proton_leak_conductance") * (1.0 + uncoupling);
    const double per_capacitance = 1.0 / shared("mitochondrial_capacitance");
    const double adenine_total = shared("adenine_total");
    const double synthase_adp = shared("synthase_adp_constant");
    const double synthase_half = shared("synthase_half_potential");
    const double per_synthase = 1.0 / shared("synthase_slope");
    const double synthase_reverse = oligomycin_left * shared("synthase_reverse_rate");
    const double protons_per_atp = shared("protons_per_atp"), per_protons = 1.0 / protons_per_atp;
    const double glycolysis_adp = shared("glycolysis_adp_constant");
    const double housekeeping_atp = shared("housekeeping_atp_constant");
    const double kinase_rate = shared("creatine_kinase_rate");
    const double kinase_equilibrium = shared("creatine_kinase_equilibrium");
    const double katp_constant = shared("katp_constant");
    // capacity
    const double least_capacity = shared("least_capacity");
    const double per_margin_time = 1.0 / shared("margin_averaging_time");
    // sodium_pump, transmission
    const double resting_sodium = shared("resting_sodium");
    const double extracellular_sodium = shared("extracellular_sodium");
    const double intracellular_potassium = shared("intracellular_potassium");
    const double extracellular_potassium = shared("extracellular_potassium");
    const double faraday = shared("faraday"), avogadro = shared("avogadro");
    const double pump_weak = shared("pump_voltage_weak"), pump_strong = shared("pump_voltage_strong");
    const double pump_atp = shared("pump_atp_constant");
    const double atp_per_release = shared("atp_per_release");
    const double atp_per_recycling = shared("atp_per_recycling");
    // ros, oxidative_damage
    const double ros_share = shared("ros_potential_fraction");
    const double per_ros_slope = 1.0 / shared("ros_potential_slope");
    const double independent_removal = shared("reserve_independent_removal");
    const double reserve_share = 1.0 - independent_removal;
    const double ros_calcium_gain = shared("ros_calcium_gain");
    const double ros_calcium_constant = shared("ros_calcium_constant");
    const double ros_cytochrome_gain = shared("ros_cytochrome_gain");
    const double ros_pore_gain = shared("ros_pore_gain");
    const double per_ros_time = 1.0 / shared("ros_time_constant");
    const double antioxidant_use = shared("antioxidant_use");
    const double antioxidant_atp = shared("antioxidant_atp_constant");
    const double resting_carbonyl = shared("resting_protein_carbonyl");
    const double per_carbonyl_time = 1.0 / shared("carbonyl_turnover");
    const double resting_peroxide = shared("resting_lipid_peroxidation");
    const double per_peroxide_time = 1.0 / shared("peroxide_turnover");
    // mptp, swelling, calpain, fate
    const double pore_depolarisation = shared("pore_depolarisation_gain");
    const double pore_ros = shared("pore_ros_gain");
    const double per_pore_calcium = 1.0 / shared("pore_calcium_constant");
    const double opening_rate = shared("pore_opening_rate");
    const double closing_rate = shared("pore_closing_rate");
    const double per_swelling = 1.0 / shared("swelling_time");
    const double per_contraction = 1.0 / shared("contraction_time");
    const double per_rupture = 1.0 / shared("rupture_time");
    const double per_replacement = 1.0 / shared("replacement_time");
    const double per_calpain_constant = 1.0 / shared("calpain_constant");
    const double per_proteolysis = 1.0 / shared("proteolysis_time");
    const double per_proteolysis_recovery = 1.0 / shared("proteolysis_recovery");
    const double per_gradient_loss = 1.0 / shared("necrosis_gradient_loss");
    const double per_necrosis = 1.0 / shared("necrosis_time");
    const double per_necrosis_recovery = 1.0 / shared("necrosis_recovery");
    const double apoptosome_constant = shared("apoptosome_constant");
    const double per_apoptosis = 1.0 / shared("apoptosis_time");
    const double apoptosis_atp = shared("apoptosis_atp");
    const double per_apoptosis_recovery = 1.0 / shared("apoptosis_recovery");
};
