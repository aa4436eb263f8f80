import type { TaskType } from '../../domain/task-type.ts';
import { extensionFor } from '../validators/file-extension.ts';
import { withoutFence } from '../validators/payload.ts';

export type ResultFile = { extension: string; content: string };

/** A file of code holds the code, not the fence around it; text stays as it is. */
export function resultFileOf(output: string, taskType: TaskType): ResultFile {
  const block = withoutFence(output);
  const extension = extensionFor(block, taskType);
  return { extension, content: extension === '.md' ? output : block.code };
}

/**
 * What the result of a task is called: `task-ID.result.md`. Ids and languages are chosen by models, and
 * other programs act on a file for its name (`package.json`, `.npmrc`, `conftest.py`, `x_test.py`): a name
 * that always begins and ends in our own words is none of those, and neither hidden, nor a device, nor too
 * long, on any system.
 */
export function resultFileName(taskId: string, extension: string, copy: number): string {
  const id = taskId.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 100);
  return `task-${id}${copy === 1 ? '' : `-${copy}`}.result${extension}`;
}
