// Synapses of one receptor type. Those of a source with the same delay are a run, one piece of
// memory; a spike puts its runs into a ring of future steps.
#pragma once

#include <numeric>

#include "membrane.h"

class Projection {
  public:
    // `gain` is what a release of weight 1 adds in each target, `released` what each source has
    // released last.
    Projection(const Neurons &n, const char *name, std::vector<double> gain,
               const double *released)
        : released(released) {
        const std::string path = "static_arrays/_static_array__array_";
        const auto sources = read_file<int32_t>(path + name + "_sources");
        const auto targets = read_file<int32_t>(path + name + "_targets");
        const long count = sources.size();
        const double *weights = n.in.values(std::string(name) + ".weight", count);
        const double *delays = n.in.values(std::string(name) + ".delay", count);
        std::vector<int> steps(count);
        for (long k = 0; k < count; k++) steps[k] = (int)(delays[k] / n.dt + 0.5);
        std::vector<long> order(count);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](long a, long b) {
            return std::pair(sources[a], steps[a]) < std::pair(sources[b], steps[b]);
        });
        first_run.assign(n.size + 1, 0);
        int longest = 0;
        for (long k = 0; k < count; k++) {
            const long s = order[k];
            target.push_back(targets[s]);
            weight.push_back(weights[s] * gain[targets[s]]);
            longest = std::max(longest, steps[s]);
            if (!k || sources[order[k - 1]] != sources[s] || steps[order[k - 1]] != steps[s]) {
                runs.push_back({sources[s], steps[s], (int32_t)k, (int32_t)k});
                first_run[sources[s] + 1]++;
            }
            runs.back().last = k + 1;
        }
        for (long i = 0; i < n.size; i++) first_run[i + 1] += first_run[i];
        ring.resize(longest + 1);
    }

    // Put the runs of the neurons that fired in the ring, and let arrive what arrives now. The
    // amount is what its source has released last.
    template <class Arrive> void step(const std::vector<int32_t> &fired, const Arrive &arrive) {
        for (int32_t source : fired)
            for (int32_t r = first_run[source]; r < first_run[source + 1]; r++) {
                const size_t at = now + runs[r].delay;
                ring[at < ring.size() ? at : at - ring.size()].push_back(r);
            }
        for (int32_t r : ring[now]) {
            const double amount = released[runs[r].source];
            for (int32_t k = runs[r].first; k < runs[r].last; k++)
                arrive(target[k], weight[k] * amount);
        }
        ring[now].clear();
        if (++now == ring.size()) now = 0;
    }

  private:
    struct Run {
        int32_t source, delay, first, last;
    };
    const double *released;
    std::vector<int32_t> target, first_run;
    std::vector<double> weight;
    std::vector<Run> runs;
    std::vector<std::vector<int32_t>> ring;
    size_t now = 0;
};
