import { hostname } from 'node:os';
import process from 'node:process';
import type { RunEvent } from '../../domain/run-event.ts';
import type { RunState } from '../../domain/run-state.ts';
import type { Clock } from '../../domain/runtime.ts';
import { sharedRunOf } from '../../domain/shared-run.ts';
import { showRun, type TelemetryStore } from '../../telemetry/index.ts';

/** How soon after a change, and how often at most, others are shown how a run stands, in milliseconds. */
const soonMs = 200;
const everyMs = 2000;

/** The name of this machine for others, where its host name is meaningless: in a container. */
const machineVariable = 'ORCHESTRATOR_MACHINE';
const mostMachine = 64;

/**
 * Shows a run to those who share its history, after each of its events but not at each: a run has many.
 * Its heartbeats are events too, so that others see that it is alive.
 */
export function shareRun(
  store: TelemetryStore,
  state: RunState,
  clock: Clock,
): (event: RunEvent) => void {
  const machine = (process.env[machineVariable] || hostname()).slice(0, mostMachine);
  let timer: NodeJS.Timeout | undefined;
  let lastAt = -Infinity;
  const show = (): void => {
    clearTimeout(timer);
    timer = undefined;
    lastAt = performance.now();
    showRun(store, sharedRunOf(state, { machine, now: clock() }));
  };
  return ({ type }) => {
    if (type === 'run-finished') show();
    else timer ??= setTimeout(show, Math.max(soonMs, lastAt + everyMs - performance.now())).unref();
  };
}
