: Sodium, potassium and leak of the Hodgkin-Huxley neurons of benchmark 3 of Brette et al. (2007),
: kinetics of Traub and Miles (1991), for NEURON and CoreNEURON.

NEURON {
    SUFFIX traub_miles
    NONSPECIFIC_CURRENT i
    RANGE sodium, potassium, leak, sodium_reversal, potassium_reversal, resting, shift
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    sodium = 0.1 (S/cm2)
    potassium = 0.03 (S/cm2)
    leak = 5e-5 (S/cm2)
    sodium_reversal = 50 (mV)
    potassium_reversal = -90 (mV)
    resting = -60 (mV)
    shift = -63 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE { m h n }

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = sodium*m*m*m*h*(v - sodium_reversal) + potassium*n*n*n*n*(v - potassium_reversal) + leak*(v - resting)
}

INITIAL {
    m = 0
    h = 0
    n = 0
}

DERIVATIVE states {
    LOCAL u, am, bm, ah, bh, an, bn
    u = v - shift
    am = 1.28*ratio((13 - u)/4)
    bm = 1.4*ratio((u - 40)/5)
    ah = 0.128*exp((17 - u)/18)
    bh = 4/(1 + exp((40 - u)/5))
    an = 0.16*ratio((15 - u)/5)
    bn = 0.5*exp((10 - u)/40)
    m' = am*(1 - m) - bm*m
    h' = ah*(1 - h) - bh*h
    n' = an*(1 - n) - bn*n
}

: x/(exp(x) - 1), which is 0/0 at x = 0
FUNCTION ratio(x) {
    if (fabs(x) < 1e-6) {
        ratio = 1 - x/2
    } else {
        ratio = x/(exp(x) - 1)
    }
}
