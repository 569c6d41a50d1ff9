#!/usr/bin/env python3
"""Measures how ErrorHub groups labelled faults, and prints each figure beside its goal.

  evaluate.py --url http://localhost:9000 --token TOKEN    through a running server, as `tests/run --eval` does
  evaluate.py --program PATH_TO/ErrorHub.Benchmarks        the same in process: seconds instead of minutes, for work on the rules

The data and the scorers lie beside this repository, in ../shared; see docs/grouping.md for what the figures mean.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import time

SHARED = next((folder / "shared" for folder in pathlib.Path(__file__).resolve().parents if (folder / "shared/docs/contract.md").exists()), None)
if SHARED is None:
    print("Skipped: the folder 'shared' with the labelled data is not beside this repository.")
    sys.exit(0)
sys.path.insert(0, str(SHARED / "tools"))

import crash_logs  # noqa: E402
import grouping_eval  # noqa: E402
import grouping_http  # noqa: E402
from traces_to_events import event_of  # noqa: E402

LABELLED = {"ubuntu_dev": .81, "d4j_dev": .91, "dotnet_powertoys": .95}
MUST_SPLIT, MAX_OVER_MERGED = "apache_jira_hive_yarn", .05
MUST_STAY, KEPT = "metamorphic_dev", {
    "line_shift": 1, "path_prefix": 1, "generated_names": 1, "recursion": 1, "localised": 1,
    "message_values": .99, "extra_system_frames": .98, "truncated": .95, "other_caller": .90, "wrapped": .90}
# Of events whose bug was seen before: the share whose bug is first, and among the first five, of the similar issues.
SIMILAR = {"ubuntu_dev": (.88, .97), "d4j_dev": (.90, .97)}
# Samples whose names say that they are one fault.
ONE_FAULT = re.compile(r"group_\d+_|javascript-xbrowser-http-|javascript-xbrowser-")


class InProcess:
    """Groups events with the real Grouper, without a server."""

    def __init__(self, program):
        self.program = program

    def group(self, events):
        return [columns[1] for columns in self.columns(events)]

    def frames(self, events):
        """The names of each event's frames that may count, crash site first."""
        return [columns[5].split(" <- ") if columns[5] else [] for columns in self.columns(events)]

    def ranks(self, records):
        """(queries, RR@1, RR@5, MRR) of looking up each event's bug among the events before it."""
        text = "".join(json.dumps({"bug": record["group"], "event": event_of(record, 1.0)}) + "\n" for record in records)
        line = subprocess.run([self.program, "rank"], input=text, stdout=subprocess.PIPE, text=True, check=True).stdout
        return [float(column) for column in line.split("\t")]

    def columns(self, events):
        text = "".join(json.dumps(event) + "\n" for event in events)
        lines = subprocess.run([self.program, "group"], input=text, stdout=subprocess.PIPE, text=True, check=True).stdout
        return [line.split("\t") for line in lines.split("\n")[:-1]]


class ThroughTheServer:
    """Sends events to a new project and reads their issues back."""

    def __init__(self, url, token):
        self.client = grouping_http.Client(url, token)

    def group(self, events):
        slug, dsn = self.client.new_project(f"eval-{time.time_ns()}")
        refused = [answer for answer in (self.client.send(dsn, event) for event in events) if answer[0] != 200]
        if refused:
            raise SystemExit(f"{len(refused)} events refused, the first with {refused[0]}")
        until = time.monotonic() + 60
        return [self.client.issue_of(slug, event["event_id"], until) for event in events]


def scores_of(grouping, name):
    """As grouping_http.py measures a file, whichever way the events are grouped."""
    path = SHARED / f"data/grouping/{name}.jsonl"
    if isinstance(grouping, ThroughTheServer):
        return grouping_http.measure(grouping.client, path)[0]
    records = grouping_eval.load(path)
    issues = [f"{record['project']}|{issue}" for record, issue in zip(records, grouping.group([event_of(r, 1.0) for r in records]))]
    return {**grouping_eval.metrics(records, issues), "kept_together": grouping_eval.kept_together(records, issues)}


def samples_together(grouping):
    """(sets of samples of one fault that are one issue, all such sets)"""
    sets, events = collections.defaultdict(list), []
    for file in sorted((SHARED / "data/events/samples/sentry").glob("*.json")):
        if match := ONE_FAULT.match(file.name):
            # Recorded years ago; events older than the retention would not be kept.
            event = {**json.loads(file.read_text()), "event_id": hashlib.md5(file.name.encode()).hexdigest(), "timestamp": time.time()}
            sets[match[0]].append(len(events))
            events.append(event)
    issues = grouping.group(events)
    return sum(len({issues[i] for i in members}) == 1 for members in sets.values()), len(sets)


def event_with(frames, platform):
    sent = [{key: frame[key] for key in ("function", "package", "filename") if frame.get(key)} for frame in reversed(frames)]
    return {"platform": platform, "exception": {"values": [{"type": "Crash", "stacktrace": {"frames": sent}}]}}


def crash_states(grouping):
    """
    (crash logs whose frames that count are those that experts expect, logs with such frames, all logs with an expected state). An
    expected line is no frame when no stack of the log has it: a failed assertion's text, the name of a fuzzer, a file.
    """
    folder = SHARED / "data/grouping/clusterfuzz_stack_analyzer"
    tests = [test for test in json.loads((folder / "expected.json").read_text()) if test.get("expected_state")]
    agreed = judged = 0
    wrong = []
    for test in tests:
        log = "".join((folder / "inputs" / file).read_text(errors="replace") for file in test["files"])
        stacks = crash_logs.frames_of(log)
        if not stacks:
            continue
        # Of a short stack the experts go on in the next one, who freed the memory or scheduled the task.
        stacks += [first + second for first, second in zip(stacks, stacks[1:]) if len(first) < 3]
        lines = [line for line in test["expected_state"].split("\n") if line]
        platform = crash_logs.platform_of(stacks[0])
        names = grouping.frames([event_with([{"function": line}], platform) for line in lines] + [event_with(stack, crash_logs.platform_of(stack)) for stack in stacks])
        # Cut at 80 characters: what is left of the name must be its beginning.
        expected = [(name[0] if name else line, len(line) >= 80) for name, line in zip(names, lines)]
        found = names[len(lines):]
        everywhere = {name for stack in found for name in stack}
        same = lambda name, wanted: name.startswith(wanted[0]) if wanted[1] else name == wanted[0]
        expected = [wanted for wanted in expected if any(same(name, wanted) for name in everywhere)]
        if not expected:
            continue
        judged += 1
        if any(len(stack) >= len(expected) and all(map(same, stack, expected)) for stack in found):
            agreed += 1
        else:
            wrong.append((test["files"][0], [name for name, _ in expected], [stack[:3] for stack in found[:3]]))
    return agreed, judged, len(tests), wrong


def figures_of(grouping):
    """Rows of (measure, value, goal, whether it is met)."""
    for name, goal in LABELLED.items():
        scores = scores_of(grouping, name)
        yield f"B-cubed F1, {name} (P {scores['b3_p']:.3f}, R {scores['b3_r']:.3f})", f"{scores['b3_f1']:.4f}", f">= {goal}", scores["b3_f1"] >= goal
    scores = scores_of(grouping, MUST_SPLIT)
    over = scores["over_merged_issues"]
    yield f"over-merged issues, {MUST_SPLIT} (P {scores['b3_p']:.3f})", f"{over:.4f}", f"<= {MAX_OVER_MERGED}", over <= MAX_OVER_MERGED
    kept = scores_of(grouping, MUST_STAY)["kept_together"]
    for kind, goal in KEPT.items():
        same, total = kept[kind]
        yield f"kept together, {kind} ({same} of {total})", f"{same / total:.4f}", f">= {goal}", same / total >= goal
    together, sets = samples_together(grouping)
    yield "real samples of one fault in one issue", f"{together} of {sets}", "all", together == sets
    if isinstance(grouping, InProcess):
        agreed, judged, states, _ = crash_states(grouping)
        yield f"expected frames of crash logs ({agreed} of {judged}; {states - judged} expect none)", f"{agreed / judged:.4f}", ">= 0.9", agreed / judged >= .9
        for name, goals in SIMILAR.items():
            queries, *shares, mean = grouping.ranks(grouping_eval.load(SHARED / f"data/grouping/{name}.jsonl"))
            for k, share, goal in zip((1, 5), shares, goals):
                yield f"similar issues RR@{k}, {name} ({queries:.0f} queries, MRR {mean:.3f})", f"{share:.4f}", f">= {goal}", share >= goal


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url")
    parser.add_argument("--token")
    parser.add_argument("--program", help="the built ErrorHub.Benchmarks, to group in process")
    arguments = parser.parse_args()
    if not (arguments.program or arguments.url and arguments.token):
        parser.error("--url and --token, or --program")

    grouping = InProcess(arguments.program) if arguments.program else ThroughTheServer(arguments.url, arguments.token)
    missed = 0
    print(f"{'measure':72s} {'value':>10s}  {'goal':>8s}")
    for measure, value, goal, is_met in figures_of(grouping):
        print(f"{measure:72s} {value:>10s}  {goal:>8s}  {'met' if is_met else 'MISSED'}", flush=True)
        missed += not is_met
    print(f"{missed} goals missed" if missed else "all goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
