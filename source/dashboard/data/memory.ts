import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { themeNames } from '../theme/palette.ts';
import { tabs } from '../state/state.ts';

const sortSchema = z.object({ column: z.string(), descending: z.boolean() });

const memorySchema = z.object({
  tab: z.enum(tabs).optional(),
  days: z.number().int().min(1).max(3650).optional(),
  theme: z.enum(themeNames).optional(),
  sorts: z
    .object({
      rankings: sortSchema.optional(),
      cost: sortSchema.optional(),
      cells: sortSchema.optional(),
    })
    .optional(),
});

/** What the dashboard remembers from one start to the next. */
export type Memory = z.infer<typeof memorySchema>;

/** What was remembered; nothing where the file is missing or broken, for it holds only conveniences. */
export function loadMemory(path: string): Memory {
  try {
    const parsed = memorySchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

/** Replaces the file as a whole. Returns whether it worked: a read-only folder is no reason to stop. */
export function saveMemory(path: string, memory: Memory): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(memory, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
    return true;
  } catch {
    return false;
  }
}
