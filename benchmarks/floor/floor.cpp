// The whole model as plain loops over arrays, written by hand: what the compiled programs of
// `unshielded` are held against. One core, double precision, the same inputs and outputs.
//
// Left out: a schedule (drugs in the bath, stimulation), fast traces and signals.

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "cells.h"
#include "membrane.h"
#include "surroundings.h"
#include "synapses.h"

static std::vector<double> product(long size, double unit, std::vector<const double *> factors) {
    std::vector<double> gain(size, unit);
    for (const double *factor : factors)
        for (long i = 0; i < size; i++) gain[i] *= factor[i];
    return gain;
}

// Subnormal numbers are slow.
static void flush_subnormals() {
#if defined(__SSE__)
    _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
    uint64_t control;
    asm volatile("mrs %0, fpcr" : "=r"(control));
    asm volatile("msr fpcr, %0" ::"r"(control | (1ull << 24)));
#endif
}

int main(int count, char **arguments) {
    flush_subnormals();
    const Inputs in(count, arguments);
    const long rate = setting("UNSHIELDED_BENCHMARK_FAST_RATE"), every = rate / setting("UNSHIELDED_BENCHMARK_SLOW_RATE");
    const long steps = setting("UNSHIELDED_STEPS"), interval = setting("UNSHIELDED_RECORD_STEPS");
    if (read_file<char>("schedule.txt")[0] != '0') fail(6, "nothing can be scheduled");
    const double dt = 1.0 / rate, slow_dt = dt * every;
    Neurons n(in, in.size("neurons.membrane_potential"), dt, slow_dt);
    Surroundings around(n);
    Cells cells(n, in.size("cells.calcium"));

    const double *scale = n.own("inhibitory_conductance_scale"), *fast = n.own("gaba_a_receptors");
    const auto released = product(n.size, 1.0, {n.per_release});
    Projection glutamate(n, "glutamate", released, n.released);
    Projection glutamate_steady(n, "glutamate_steady", released, n.transmitter_release);
    Projection facilitating(n, "glutamate_facilitating", released, n.facilitated);
    Projection gaba(n, "gaba", product(n.size, n.shared("gaba_a_unit"), {fast, scale}),
                    n.released);
    Projection gaba_slow(n, "gaba_slow", product(n.size, 1.0, {}), n.released);
    Projection glycine(n, "glycine", product(n.size, n.shared("glycine_unit"), {scale}),
                       n.released);
    const auto slow_a = product(n.size, n.shared("gaba_a_slow_unit"), {fast, scale});

    const auto find = [&](const char *list) {
        std::vector<const double *> found;
        for (const std::string &name : names_setting(list)) {
            const double *values = cells.find(name);
            if (!values) values = around.find(name);
            if (!values) fail(6, "the loops have no " + name);
            found.push_back(values);
        }
        return found;
    };
    const auto recorded = find("UNSHIELDED_BENCHMARK_RECORDED"), states = find("UNSHIELDED_BENCHMARK_STATES");
    Output snapshots("snapshots.f64"), ticks("spike_ticks.i64"), ids("spike_neurons.i32");
    Output counts("counts.i32");
    std::vector<int64_t> spike_ticks;
    std::vector<int32_t> fired, spike_neurons, spike_counts(n.size);
    const auto record = [&](Output &to) {
        for (const double *values : recorded) to.write(values, cells.size);
    };

    record(snapshots);
    std::printf("{\"time\": 0, \"alive\": %ld}\n", cells.size);
    for (long tick = 0; tick < steps; tick++) {
        const double t = tick * dt;
        const bool slow = tick % every == 0;
        if (slow) {
            n.follow_command(t);
            around.step();
            cells.take();
        }
        n.step(tick, fired);
        if (slow) {
            cells.step(t);
            n.forget_dead(fired);
        }

        for (int32_t i : fired) {
            spike_ticks.push_back(tick);
            spike_neurons.push_back(i);
            spike_counts[i]++;
        }
        gaba.step(fired, [&](int32_t i, double g) { n.gaba_a[i] += g; });
        gaba_slow.step(fired, [&](int32_t i, double g) {
            n.gaba_a_slow[i] += slow_a[i] * g;
            n.gaba_b_binding[i] += g;
        });
        glutamate.step(fired, [&](int32_t i, double c) { n.cleft_glutamate[i] += c; });
        glutamate_steady.step(fired, [&](int32_t i, double c) { n.cleft_glutamate[i] += c; });
        facilitating.step(fired, [&](int32_t i, double c) { n.cleft_glutamate[i] += c; });
        glycine.step(fired, [&](int32_t i, double g) { n.glycine[i] += g; });
        for (int32_t i : fired) n.reset(i, t);

        if ((tick + 1) % interval == 0 || tick + 1 == steps) {
            for (const double *values : recorded)
                for (long i = 0; i < cells.size; i++)
                    if (!std::isfinite(values[i])) fail(3, "a value is not finite");
            ticks.write(spike_ticks.data(), spike_ticks.size());
            ids.write(spike_neurons.data(), spike_neurons.size());
            counts.write(spike_counts.data(), spike_counts.size());
            spike_ticks.clear();
            spike_neurons.clear();
            std::fill(spike_counts.begin(), spike_counts.end(), 0);
            record(snapshots);
            long living = 0;
            for (long i = 0; i < cells.size; i++) living += cells.alive[i] > 0.5;
            std::printf("{\"time\": %.6f, \"alive\": %ld}\n", (tick + 1) * dt, living);
            std::fflush(stdout);
        }
    }
    Output last("final.f64"), state("state.f64");
    record(last);
    for (const double *values : states) state.write(values, cells.size);
    std::printf("{\"complete\": %ld}\n", steps);
}
