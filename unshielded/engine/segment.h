// What the compiled program does besides Brian2's own steps: it advances in segments, and
// after each one checks, records, empties the monitors and reports. Memory stays flat and
// nothing is trusted that has not been looked at.
//
// Exit codes: 3 a value is not finite, 4 a file cannot be written, 6 an input cannot be used,
// 130/143 interrupted.
#pragma once

#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif
#if defined(__linux__)
#include <sys/prctl.h>
#endif

namespace unshielded {

struct Variable {
    const char *name;
    const double *values;
    long size;
};

// A variable that a schedule may set: shared, or one value for each neuron.
struct Scheduled {
    const char *name;
    double *values;
    long size;
};

struct Change {
    long step;
    double *first, *last;
    double to;
};

// A concentration of the bath: of all neurons, or of each if it has neurons.
struct Concentration {
    const double *values;
    long neurons;
};

// Subnormal numbers (a silenced network is full of them) cost a factor of 15.
inline void flush_subnormals() {
#if defined(__SSE__)
    _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
    uint64_t control;
    asm volatile("mrs %0, fpcr" : "=r"(control));
    asm volatile("msr fpcr, %0" ::"r"(control | (1ull << 24)));
#endif
}

inline volatile std::sig_atomic_t &stop_signal() {
    static volatile std::sig_atomic_t signal = 0;
    return signal;
}

inline long setting(const char *name) {
    const char *text = std::getenv(name);
    if (!text) {
        std::fprintf(stderr, "{\"error\": \"setting %s is missing\"}\n", name);
        std::_Exit(6);
    }
    return std::atol(text);
}

inline std::vector<long> numbers(const char *name) {
    const char *list = std::getenv(name);
    std::vector<long> found;
    for (const char *p = list ? list : ""; *p;) {
        char *end;
        found.push_back(std::strtol(p, &end, 10));
        p = *end ? end + 1 : end;
    }
    return found;
}

class Output {
  public:
    Output(const std::string &folder, const char *name) : path(folder + "/" + name) {
        file = std::fopen(path.c_str(), "wb");
        if (!file) fail("cannot be opened");
    }
    template <class T> void write(const T *values, size_t count) {
        if (count && std::fwrite(values, sizeof(T), count, file) != count) fail("cannot be written");
    }
    void close() {
        if (std::fclose(file) != 0) fail("cannot be closed");
    }
    void flush() {
        if (std::fflush(file) != 0) fail("cannot be written");
    }

  private:
    [[noreturn]] void fail(const char *what) {
        std::fprintf(stderr, "{\"error\": \"%s %s: %s\"}\n", path.c_str(), what, std::strerror(errno));
        std::_Exit(4);
    }
    std::string path;
    std::FILE *file;
};

// The schedule: its length, then a line "step group.variable start stop value" for each change, in
// order; it sets the values from start to before stop.
// Every character of it must make sense: a change that is lost would not be missed.
inline std::vector<Change> read_schedule(const std::vector<Scheduled> &known) {
    const char *path = std::getenv("UNSHIELDED_SCHEDULE");
    long line = 1;
    const auto refuse = [&](const char *what) {
        std::fprintf(stderr, "{\"error\": \"the schedule, line %ld: %s\"}\n", line, what);
        std::_Exit(6);
    };
    std::FILE *file = std::fopen(path ? path : "", "rb");
    if (!file) refuse("the file cannot be opened");
    std::string text;
    for (int c; (c = std::fgetc(file)) != EOF;) text += (char)c;
    if (std::ferror(file)) refuse("the file cannot be read");
    std::fclose(file);
    const char *at = text.c_str();
    char *end;
    const auto expect = [&](char wanted, const char *what) {
        if (end == at || *end != wanted) refuse(what);
        at = end + 1;
    };
    const long count = std::strtol(at, &end, 10);
    expect('\n', "the number of changes is no number");
    std::vector<Change> changes;
    while (*at) {
        line++;
        const long step = std::strtol(at, &end, 10);
        expect(' ', "the step is no number");
        const long before = changes.empty() ? 0 : changes.back().step;
        if (step < before) refuse("the step is before the last one");
        end = const_cast<char *>(at) + std::strcspn(at, " \n");
        const std::string name(at, end - at);
        expect(' ', "there is no variable");
        const Scheduled *variable = nullptr;
        for (const Scheduled &one : known)
            if (name == one.name) variable = &one;
        if (!variable) refuse("there is no such variable to set");
        const long start = std::strtol(at, &end, 10);
        expect(' ', "the first neuron is no number");
        const long stop = std::strtol(at, &end, 10);
        expect(' ', "the last neuron is no number");
        if (start < 0 || start >= stop || stop > variable->size) refuse("there are no such neurons");
        const double value = std::strtod(at, &end);
        expect('\n', "the value is no number");
        if (!std::isfinite(value)) refuse("the value is not finite");
        changes.push_back({step, variable->values + start, variable->values + stop, value});
    }
    if (at != text.c_str() + text.size() || count != (long)changes.size())
        refuse("the file ends before, or goes on after, the number of changes that it names");
    return changes;
}

// All times are counted in fast steps: integers do not drift.
template <class Network, class Clock> class Run {
  public:
    Run(Network &network, Clock &fast, Clock &slow, long steps_per_second, long slow_every,
        std::vector<Variable> checked,
        std::vector<Variable> recorded, std::vector<Concentration> bath,
        const std::vector<Scheduled> &scheduled,
        std::vector<int32_t> &spike_neurons,
        std::vector<double> &spike_times, int32_t *spike_counts, int32_t *spike_total,
        long neurons, const double *potential, const double *alive, long cells,
        std::vector<Variable> kept = {})
        : network(network), fast(fast), slow(slow), rate(steps_per_second), slow_every(slow_every),
          checked(checked), recorded(recorded), bath(bath), kept(kept),
          changes(read_schedule(scheduled)),
          spike_neurons(spike_neurons), spike_times(spike_times), spike_counts(spike_counts),
          spike_total(spike_total), neurons(neurons), potential(potential), alive(alive),
          cells(cells), folder(std::getenv("UNSHIELDED_OUT") ? std::getenv("UNSHIELDED_OUT") : "."),
          snapshots(folder, "snapshots.f64"), concentrations(folder, "bath.f64"),
          counts(folder, "counts.i32"),
          ticks(folder, "spike_ticks.i64"), ids(folder, "spike_neurons.i32"),
          membrane(folder, "membrane.f64") {
        duration = setting("UNSHIELDED_STEPS");
        interval = setting("UNSHIELDED_RECORD_STEPS");
        keep_spikes = setting("UNSHIELDED_SPIKES") != 0;
        keep_state = std::getenv("UNSHIELDED_SETTLE") != nullptr;
        settled = keep_state ? setting("UNSHIELDED_SETTLE") : 0;
        traced = setting("UNSHIELDED_MEMBRANE_NEURONS") > 0;
        membrane_from = setting("UNSHIELDED_MEMBRANE_FROM");
        membrane_until = setting("UNSHIELDED_MEMBRANE_UNTIL");
        membrane_interval = setting("UNSHIELDED_MEMBRANE_STEPS");
        traced_neurons = numbers("UNSHIELDED_MEMBRANE_LIST");
        places = numbers("UNSHIELDED_PLACES");
    }

    void operator()() {
#if defined(__linux__)
        prctl(PR_SET_PDEATHSIG, SIGTERM); // end with the process that started this one
#endif
        std::signal(SIGINT, [](int signal) { stop_signal() = signal; });
        std::signal(SIGTERM, [](int signal) { stop_signal() = signal; });
        std::signal(SIGXFSZ, SIG_IGN); // a file at its limit is an error to report, not to die of
        record();
        trace();
        while (step < duration) {
            change();
            if (keep_state && step == settled) dump("settled.f64");
            const long next = next_event();
            advance(next);
            if (stop_signal()) std::_Exit(128 + stop_signal());
            trace();
            if (step % interval == 0 || step == duration) {
                check();
                drain();
                record();
                report(step == duration);
            }
        }
        finish();
    }

  private:
    bool tracing(long at) const {
        return traced && at >= membrane_from && at < membrane_until &&
               (at - membrane_from) % membrane_interval == 0;
    }

    long next_event() const {
        long next = std::min(duration, (step / interval + 1) * interval);
        if (traced && step < membrane_until) {
            long sample = membrane_from;
            if (step >= membrane_from)
                sample += ((step - membrane_from) / membrane_interval + 1) * membrane_interval;
            if (sample < membrane_until) next = std::min(next, sample);
        }
        if (changed < changes.size()) next = std::min(next, changes[changed].step);
        if (keep_state && step < settled) next = std::min(next, settled);
        return next;
    }

    void change() {
        for (; changed < changes.size() && changes[changed].step == step; changed++)
            std::fill(changes[changed].first, changes[changed].last, changes[changed].to);
    }

    // Brian2's own loop compares floating-point times, which drift apart after a minute when
    // the steps are not powers of two, and asks for the processor time at every step.
    void advance(long next) {
        for (; step < next; step++) {
            const bool slow_tick = step % slow_every == 0;
            for (const auto &object : network.objects)
                if (object.second && (slow_tick || object.first != &slow)) object.second();
            fast.tick();
            if (slow_tick) slow.tick();
        }
    }

    void trace() {
        if (!tracing(step)) return;
        for (long n : traced_neurons) membrane.write(&potential[n], 1);
    }

    void check() {
        for (const Variable &v : checked)
            for (long i = 0; i < v.size; i++)
                if (!std::isfinite(v.values[i])) {
                    std::fprintf(stderr,
                                 "{\"not_finite\": \"%s\", \"neuron\": %ld, \"time\": %.6f}\n",
                                 v.name, i, step / rate);
                    std::_Exit(3);
                }
    }

    void drain() {
        if (keep_spikes) {
            std::vector<int64_t> at(spike_times.size());
            for (size_t k = 0; k < at.size(); k++) at[k] = std::llround(spike_times[k] * rate);
            ticks.write(at.data(), at.size());
            ids.write(spike_neurons.data(), spike_neurons.size());
        }
        spike_times.clear();
        spike_neurons.clear();
        *spike_total = 0;
        counts.write(spike_counts, neurons);
        std::fill(spike_counts, spike_counts + neurons, 0);
    }

    void record() {
        for (const Variable &v : recorded) snapshots.write(v.values, v.size);
        for (const Concentration &c : bath) {
            if (!c.neurons) concentrations.write(c.values, 1);
            for (long n : places)
                if (n < c.neurons) concentrations.write(&c.values[n], 1);
        }
    }

    void report(bool now) {
        const auto clock = std::chrono::steady_clock::now();
        if (!now && clock - reported < std::chrono::milliseconds(200)) return;
        reported = clock;
        long living = 0;
        for (long n = 0; n < cells; n++) living += alive[n] > 0.5;
        std::printf("{\"time\": %.6f, \"alive\": %ld}\n", step / rate, living);
        std::fflush(stdout);
    }

    // Everything that a program must be given to go on from here.
    void dump(const char *name) {
        Output state(folder, name);
        for (const Variable &v : kept) state.write(v.values, v.size);
        state.close();
    }

    void finish() {
        if (keep_state) dump("state.f64");
        Output last(folder, "final.f64");
        for (const Variable &v : recorded) last.write(v.values, v.size);
        last.close();
        snapshots.close();
        concentrations.close();
        counts.close();
        ticks.close();
        ids.close();
        membrane.close();
        std::printf("{\"complete\": %ld}\n", step);
        std::fflush(stdout);
        std::_Exit(0);
    }

    Network &network;
    Clock &fast, &slow;
    const double rate;
    const long slow_every;
    std::vector<Variable> checked, recorded;
    std::vector<Concentration> bath;
    std::vector<Variable> kept;
    const std::vector<Change> changes;
    size_t changed = 0;
    std::vector<int32_t> &spike_neurons;
    std::vector<double> &spike_times;
    int32_t *spike_counts, *spike_total;
    long neurons;
    const double *potential, *alive;
    long cells;
    std::string folder;
    Output snapshots, concentrations, counts, ticks, ids, membrane;
    long step = 0, duration, interval, settled, membrane_from, membrane_until, membrane_interval;
    bool keep_spikes, keep_state, traced;
    // The neurons whose bath is recorded where it is not that of all: one of each population.
    std::vector<long> traced_neurons, places;
    std::chrono::steady_clock::time_point reported;
};

} // namespace unshielded
