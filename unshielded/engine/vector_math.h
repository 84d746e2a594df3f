// Functions for the inner loops: without state, branches or calls, so that they vectorise.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

// The exponential, inlined. A library call in the middle of a vectorised loop spills every
// vector register around it; with some ten exponentials per neuron and step that costs a third
// of the time. Range reduction by powers of two and a polynomial of degree 12. The relative error
// is below 3e-15 up to +-20, where arguments lie, and 1e-13 up to +-700: -ffast-math adds up the
// two parts of ln 2. Beyond +-700 arguments are clipped.
static inline double inline_exp(double x)
{
    x = x < -700.0 ? -700.0 : x;
    x = x > 700.0 ? 700.0 : x;
    const double k = rint(x*1.4426950408889634);
    const double r = (x - k*6.93147180369123816490e-01) - k*1.90821492927058770002e-10;
    double p = 2.08767569878681e-09;
    p = p*r + 2.505210838544172e-08;
    p = p*r + 2.755731922398589e-07;
    p = p*r + 2.7557319223985893e-06;
    p = p*r + 2.48015873015873e-05;
    p = p*r + 1.984126984126984e-04;
    p = p*r + 1.388888888888889e-03;
    p = p*r + 8.333333333333333e-03;
    p = p*r + 4.1666666666666664e-02;
    p = p*r + 1.6666666666666666e-01;
    p = p*r + 0.5;
    p = p*r + 1.0;
    p = p*r + 1.0;
    // 2^k: k + 1023 lands in the low bits of this sum, and from there in the exponent.
    const double shifted = k + (6755399441055744.0 + 1023.0);
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits <<= 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return p*scale;
}

// The natural logarithm, inlined for the same reason: of x = 2^k m, with m between the roots of
// 1/2 and 2, the series of 2 artanh((m - 1)/(m + 1)) to the 19th power. Absolute error below
// 3e-16, relative to the larger of the result and 1. Not a number unless 0 < x < infinity.
static inline double inline_log(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const uint64_t above = bits - 0x3fe6a09e667f3bcdull; // the bits of the root of 1/2
    const int64_t k = (int64_t)above >> 52;
    bits -= (uint64_t)k << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    const double s = (m - 1.0)/(m + 1.0), z = s*s;
    double p = 2.0/19.0;
    p = p*z + 2.0/17.0;
    p = p*z + 2.0/15.0;
    p = p*z + 2.0/13.0;
    p = p*z + 2.0/11.0;
    p = p*z + 2.0/9.0;
    p = p*z + 2.0/7.0;
    p = p*z + 2.0/5.0;
    p = p*z + 2.0/3.0;
    p = p*z + 2.0;
    const double value = (double)k*6.931471805599453e-01 + s*p;
    return x > 0.0 && x <= 1.7976931348623157e308 ? value : NAN;
}

// Poisson variate of a neuron in a step, from one 32-bit number of the Squares generator
// (Widynski 2020, arXiv:2004.06278): a pure function of the neuron's key and the step,
// given the mean and the probability exp(-mean) of none.
static inline double poisson_releases(const int64_t key, const int64_t step, const double mean,
                                      const double none)
{
    const uint64_t k = (uint64_t)key;
    uint64_t x = ((uint64_t)step + 1u)*k;
    const uint64_t y = x, z = y + k;
    x = x*x + y; x = (x >> 32) | (x << 32);
    x = x*x + z; x = (x >> 32) | (x << 32);
    x = x*x + y; x = (x >> 32) | (x << 32);
    x = (x*x + z) >> 32;
    const double u = (double)(int64_t)x*2.3283064365386963e-10;
    double p = none, total = p, count = 0.0;
    count += u >= total; p *= mean;            total += p;
    count += u >= total; p *= mean*(1.0/2.0);  total += p;
    count += u >= total; p *= mean*(1.0/3.0);  total += p;
    count += u >= total; p *= mean*(1.0/4.0);  total += p;
    count += u >= total; p *= mean*(1.0/5.0);  total += p;
    count += u >= total;
    return count;
}
