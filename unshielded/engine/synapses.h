// Spikes on their way. In place of Brian2's class of the same name and interface: there, every
// synapse of a spike is put in the queue by its own. Here the synapses of a source that have the
// same delay lie side by side, and a spike puts one entry for all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <ostream>
#include <vector>

class SynapticPathway {
  public:
    std::vector<int> &sources;

    SynapticPathway(std::vector<int> &sources, int first, int end)
        : sources(sources), first_neuron(first), neurons(end - first) {}

    template <class Delay>
    void prepare(int, int, Delay *, size_t, int *, size_t, double step) {
        dt = step;
    }

    // Sort the synapses by source and delay, stably, and note where each run of them begins.
    // Sources, targets, weights and delays have been given; nothing else is per synapse.
    void arrange(std::vector<int> &targets, std::vector<double> &weights,
                 std::vector<double> &delays) {
        const size_t count = sources.size();
        std::vector<int> steps(count), order(count);
        for (size_t s = 0; s < count; s++) steps[s] = (int)(delays[s] / dt + 0.5);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
            return sources[a] != sources[b] ? sources[a] < sources[b] : steps[a] < steps[b];
        });
        permute(sources, order);
        permute(targets, order);
        permute(weights, order);
        permute(delays, order);
        permute(steps, order);
        runs_of.assign(neurons + 1, 0);
        for (size_t s = 0; s < count; s++) {
            if (!s || sources[s] != sources[s - 1] || steps[s] != steps[s - 1]) {
                runs.push_back({(int)s, (int)s, steps[s]});
                runs_of[sources[s] - first_neuron + 1]++;
            }
            runs.back().end = s + 1;
        }
        std::partial_sum(runs_of.begin(), runs_of.end(), runs_of.begin());
        ring.resize(1 + (count ? *std::max_element(steps.begin(), steps.end()) : 0));
    }

    void advance() {
        if (ring.empty()) std::abort(); // arrange() was forgotten: all spikes would be lost
        ring[now].clear();
        if (++now == ring.size()) now = 0;
    }

    void push(const int32_t *spikes, int count) {
        for (int k = 0; k < count; k++) {
            const int source = spikes[k] - first_neuron;
            if (source < 0 || source >= neurons) continue;
            for (int r = runs_of[source]; r < runs_of[source + 1]; r++) {
                const size_t at = now + runs[r].delay;
                ring[at < ring.size() ? at : at - ring.size()].push_back(r);
            }
        }
    }

    // The synapses that spikes reach in this step.
    std::vector<int> *peek() {
        arriving.clear();
        for (int r : ring[now])
            for (int s = runs[r].begin; s < runs[r].end; s++) arriving.push_back(s);
        return &arriving;
    }

    // Brian2 2.11 has a queue per thread, and a way to write it; ours is never written.
    std::vector<SynapticPathway *> queue{this};
    friend std::ostream &operator<<(std::ostream &out, const SynapticPathway &) { return out; }

  private:
    struct Run {
        int begin, end, delay;
    };

    template <class T> static void permute(std::vector<T> &values, const std::vector<int> &order) {
        const std::vector<T> before(values);
        for (size_t k = 0; k < order.size(); k++) values[k] = before[order[k]];
    }

    const int first_neuron, neurons;
    double dt = 0.0;
    std::vector<Run> runs;
    std::vector<int> runs_of, arriving;
    std::vector<std::vector<int>> ring;
    size_t now = 0;
};
