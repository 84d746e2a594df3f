// The inputs and outputs of `unshielded.engine.program.execute`: arguments `name=value` for what
// is shared and `name=inputs/FILE` for what differs by neuron, wiring below static_arrays/,
// settings in the environment, results as raw files.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>
#include <string>
#include <vector>

[[noreturn]] inline void fail(int code, const std::string &what) {
    std::fprintf(stderr, "{\"error\": \"%s\"}\n", what.c_str());
    std::exit(code);
}

template <class T> std::vector<T> read_file(const std::string &path) {
    std::FILE *file = std::fopen(path.c_str(), "rb");
    if (!file) fail(6, path + " cannot be opened");
    std::fseek(file, 0, SEEK_END);
    std::vector<T> values(std::ftell(file) / sizeof(T));
    std::rewind(file);
    if (std::fread(values.data(), sizeof(T), values.size(), file) != values.size())
        fail(6, path + " cannot be read");
    std::fclose(file);
    return values;
}

inline const char *text_setting(const char *name) {
    const char *text = std::getenv(name);
    if (!text) fail(6, std::string("setting ") + name + " is missing");
    return text;
}

inline long setting(const char *name) { return std::atol(text_setting(name)); }

// A list of names with commas between them.
inline std::vector<std::string> names_setting(const char *name) {
    std::vector<std::string> names;
    std::stringstream text(text_setting(name));
    for (std::string one; std::getline(text, one, ',');) names.push_back(one);
    return names;
}

// An array aligned and padded to whole vectors, so that a loop over blocks needs no remainder.
constexpr long BLOCK = 64;

inline long padded(long size) { return (size + BLOCK - 1) / BLOCK * BLOCK; }

template <class T = double> T *array(long size, T value = 0) {
    const long n = padded(size);
    auto *values = static_cast<T *>(std::aligned_alloc(64, n * sizeof(T)));
    for (long i = 0; i < n; i++) values[i] = value;
    return values;
}

class Inputs {
  public:
    Inputs(int count, char **arguments) {
        for (int k = 1; k < count; k++)
            if (const char *equals = std::strchr(arguments[k], '='))
                given[std::string(arguments[k], equals - arguments[k])] = equals + 1;
    }

    // A constant must be given: one whose name has changed would else be zero.
    double value(const std::string &name) const {
        const auto found = given.find(name);
        if (found == given.end()) fail(6, name + " is not given");
        return std::atof(found->second.c_str());
    }

    // A shared value is repeated; the padding repeats the last.
    template <class T = double> T *values(const std::string &name, long size) const {
        const auto found = given.find(name);
        if (found == given.end()) fail(6, name + " is not given");
        if (found->second.rfind("inputs/", 0) != 0) return array<T>(size, value(name));
        const std::vector<T> read = read_file<T>(found->second);
        if ((long)read.size() != size) fail(6, name + " has another size");
        T *some = array<T>(size, size ? read.back() : 0);
        for (long i = 0; i < size; i++) some[i] = read[i];
        return some;
    }

    // What changes starts at zero where nothing else is given.
    double start(const std::string &name) const { return given.count(name) ? value(name) : 0.0; }

    double *starts(const std::string &name, long size) const {
        return given.count(name) ? values(name, size) : array(size);
    }

    // How many values there are: the sizes of the groups are told by files alone.
    long size(const std::string &name) const {
        const auto found = given.find(name);
        return found == given.end() ? 0 : read_file<double>(found->second).size();
    }

  private:
    std::map<std::string, std::string> given;
};

class Output {
  public:
    explicit Output(const char *name) : file(std::fopen(name, "wb")) {
        if (!file) fail(4, std::string(name) + " cannot be opened");
    }
    ~Output() { std::fclose(file); }
    template <class T> void write(const T *values, size_t count) {
        if (std::fwrite(values, sizeof(T), count, file) != count) fail(4, "a file cannot be written");
    }

  private:
    std::FILE *file;
};
