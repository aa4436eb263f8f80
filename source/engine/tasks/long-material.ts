import { keepEscaped } from '../../domain/material.ts';
import { longText } from '../../domain/yield-for.ts';
import { inspect } from '../inspection/index.ts';
import type { TaskWork } from './task-work.ts';

/** Has a long text made fit for prompts on another thread, before one is built with it. */
export async function prepareMaterial(work: TaskWork, text: string): Promise<void> {
  if (text.length < longText) return;
  const signal = work.signals.execution;
  const escaped = await inspect('escape-tags', { text }, { signal });
  if (escaped.ok) keepEscaped(text, escaped.value);
}

/**
 * A model that was shown other answers may keep the backslashes that we put into what reads as our tags
 * there; see `section`.
 */
export async function restored(work: TaskWork, text: string, phase: string): Promise<string> {
  if (phase !== 'revise' && work.task.dependsOn.length === 0) return text;
  const signal = work.signals.execution;
  const unescaped = await inspect('unescape-tags', { text }, { signal });
  return unescaped.ok ? unescaped.value : text;
}
