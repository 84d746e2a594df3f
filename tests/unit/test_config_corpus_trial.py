"""Trials with several mistakes: each is reported once, and nothing that only follows from one."""

from pathlib import Path

import pytest

from tests.unit.bad_configs import HEAD, check, problems_of, split

ARMS = """\
trial:
  control: untreated
  arms:
    untreated: []
    rested: {drive.level: 0.5}
"""
RILUZOLE = "[{riluzole: {dose: 100 mg/day}}]"

#: Each § stands where a problem is to be found; it is taken out before the config is read. After
#: the config, a piece of the message of each.
MARKED: dict[str, tuple[str, ...]] = {
    "two bad seeds and a bad setting": (
        ARMS + "    d: {§drive.levle: 1}\n  seeds: [§x, §-1, 3]\n",
        "did you mean 'drive.level'?",
        "trial.seeds.0: found 'x', expected a whole number",
        "trial.seeds.1: -1 is too small",
    ),
    "a bad seed and one twice": (
        ARMS + "  seeds: §[§x, 2, 2]\n",
        "trial.seeds: 2 is listed twice",
        "trial.seeds.0: found 'x'",
    ),
    "a bad seed twice": (
        ARMS + "  seeds: [§x, §x]\n",
        "trial.seeds.0: found 'x'",
        "trial.seeds.1: found 'x'",
    ),
    "two bad therapies in an arm, and one in the next": (
        ARMS + "    d: [{riluzole: {dose: §100 mV}}, {riluzole: {§dos: 3}},\n"
        "        {diazepam: {dose: 10 mg/day, from: §30 s}}]\n"
        "    e: [{edaravone: {dose: §-1 mg/day}}, §3]\n",
        "therapies.0.riluzole.dose: '100 mV' has the unit 'mV'",
        "therapies.1.riluzole.dos: there is no setting 'dos'; did you mean 'dose'?",
        "therapies.2.diazepam.from: 30 s is not before the end of the run",
        "therapies.0.edaravone.dose: '-1 mg/day' is too small",
        "therapies.1: found 3, expected a mapping",
    ),
    "two unknown therapies": (
        ARMS + f"    d: [{{§riluzol: {{}}}}, {{§edaravon: {{}}}}]\n    e: {RILUZOLE}\n",
        "did you mean 'riluzole'?",
        "did you mean 'edaravone'?",
    ),
    "two bad applications in the bath of an arm": (
        ARMS + "    d: {bath: [{agent: §mk801, concentration: 1 uM}, {agent: NBQX, "
        "concentration: §1 s}], drive.level: §-2}\n",
        "there is no agent 'mk801'",
        "'1 s' has the unit 's', expected a unit like 'mM'",
        "drive.level: -2 is too small",
    ),
    "a setting in each of three places": (
        ARMS + "    d: {§drive.levle: 1, drive.duty: §3}\n  variants:\n"
        "    a: {glutamate.eaat2: §2}\n    b: {§seed: 3}\n",
        "trial.arms.d.drive.levle: there is no setting",
        "drive.duty: 3 is too large",
        "glutamate.eaat2: 2 is too large",
        "trial.variants.b.seed: 'seed' cannot be set here",
    ),
    "two bad starts beside a good one": (
        ARMS + f"    d: {RILUZOLE}\n  starts: [§5 mV, §{{lost: 2}}, §30 s, 1 s]\n",
        "trial.starts.0: '5 mV' has the unit 'mV'",
        "trial.starts.1: 2 is too large",
        "therapies.0.riluzole.from: 30 s is not before the end of the run",
    ),
    "a start past the end for two arms": (
        ARMS + f"    d: {RILUZOLE}\n    e: {{bath: [{{agent: NBQX, concentration: 1 uM}}]}}\n"
        "  starts: [§30 s]\n",
        "30 s is not",
    ),
    "bad starts alone make no two arms the same": (
        ARMS + f"    d: {RILUZOLE}\n"
        "    e: [{riluzole: {dose: 100 mg/day, from: 0 s}}]\n  starts: [§5 mV]\n",
        "trial.starts.0: '5 mV' has the unit 'mV'",
    ),
    "a start twice": (
        ARMS + f"    d: {RILUZOLE}\n  starts: §[1 s, 2 s, 1 s]\n",
        "trial.starts: '1 s' is listed twice",
    ),
    "starts in no list": (
        ARMS + f"    d: {RILUZOLE}\n"
        "    e: [{riluzole: {dose: 100 mg/day, from: 0 s}}]\n  starts: §1 s\n",
        "trial.starts: found '1 s', expected a list",
    ),
    "two arms of nothing": (
        ARMS + "    d: §null\n    e: §3\n    f: {drive.level: §-1}\n",
        "trial.arms.d: found nothing, expected a list of therapies",
        "trial.arms.e: found 3, expected a list of therapies",
        "drive.level: -1 is too small",
    ),
    "two bad names": (
        ARMS + "    §_d: {drive.level: §-1}\n  variants: {§' ': {drive.duty: §5}}\n",
        "trial.arms._d: '_d' is not a usable name, expected 1 to 64 printed characters",
        "drive.level: -1 is too small",
        "' ' is not a usable name",
        "drive.duty: 5 is too large",
    ),
    "a control that is not an arm, and an arm that is wrong": (
        ARMS.replace("control: ", "control: §").replace("untreated\n", "untreatd\n")
        + "    d: [{riluzole: {dose: §3 s}}]\n    §e: {drive.level: 0.5}\n",
        "trial.control: there is no arm 'untreatd'",
        "therapies.0.riluzole.dose: '3 s' has the unit 's'",
        "trial.arms.e: is the same experiment as 'rested'",
    ),
    "no control": (
        "trial: §{arms: {a: [], b: {drive.level: §-1}}, seeds: [§x]}\n",
        "trial.control: is missing",
        "drive.level: -1 is too small",
        "trial.seeds.0: found 'x'",
    ),
    "no arms": (
        "trial: §{control: a, seeds: [§x, §y]}\n",
        "trial.arms: is missing",
        "trial.seeds.0",
        "trial.seeds.1",
    ),
    "one arm, and that wrong": (
        "trial: {control: a, arms: §{a: {drive.level: §-1}}}\n",
        "trial.arms: 1 arm, expected the control and at least one other arm",
        "drive.level: -1 is too small",
    ),
    "an empty trial": (
        "trial: {control: §3, arms: §{}}\n",
        "trial.control: found 3, expected text",
        "trial.arms: 0 arms, expected the control and at least one other arm",
    ),
    "two variants of nothing": (
        ARMS + "  variants: {a: §3, b: §[], c: {drive.level: §-2}}\n",
        "trial.variants.a: found 3",
        "trial.variants.b: found a list",
        "drive.level: -2 is too small",
    ),
    "a variant of a file that is not there": (
        ARMS + "  variants: {a: {}, b: {extends: §none.yaml}, c: {drive.duty: §3}}\n",
        "trial.variants.b.extends: there is no file",
        "drive.duty: 3 is too large",
    ),
    "a sweep beside a trial that is wrong": (
        "§sweep: {seeds: [1]}\n" + ARMS + "    d: {drive.level: §-1}\n",
        "sweep: there is a 'trial' too",
        "drive.level: -1 is too small",
    ),
    # lists elsewhere, by the same rule
    "a sweep of two bad seeds and a bad setting": (
        "sweep: {seeds: [§x, §y], grid: {§drive.levl: [1]}}\n",
        "sweep.seeds.0: found 'x'",
        "sweep.seeds.1: found 'y'",
        "there is no setting 'drive.levl'",
    ),
    "two bad therapies before one at a bad time": (
        "therapies: [{riluzole: {dose: §1 s}}, {edaravone: {§dos: 1}},\n"
        "  {diazepam: {dose: 10 mg/day, until: §30 s}}]\n",
        "therapies.0.riluzole.dose",
        "therapies.1.edaravone.dos",
        "therapies.2.diazepam.until: 30 s is after the end of the run",
    ),
}


@pytest.mark.parametrize("case", MARKED)
def test_every_mistake_in_a_trial_is_reported(case: str, tmp_path: Path) -> None:
    marked, *said = MARKED[case]
    text, expected = split(HEAD + marked, *said)
    check(problems_of(text, tmp_path), expected)
