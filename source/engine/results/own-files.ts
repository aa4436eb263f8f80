import { hash, randomUUID } from 'node:crypto';
import { link, lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../files/error-code.ts';

/**
 * The files of one run in a folder that may hold others. Only what the run wrote itself, and nobody has
 * changed since, is ever replaced; it is recognised by its content, so nothing in the folder can claim to be the
 * run's.
 */
export type OwnFiles = {
  /**
   * Writes a file as a whole, for the user alone (0600). False where something else has that name: it
   * stays as it is, be it a file, a folder or a link. Rejects with what the file system answers.
   */
  put(name: string, content: string): Promise<boolean>;
};

/** A content by its SHA-256, and its length in bytes. */
export type Written = { sha256: string; bytes: number };

export function ownFiles(options: {
  directory: string;
  /** What earlier parts of the run wrote. */
  earlier: ReadonlyMap<string, number>;
  onWritten: (content: Written) => void;
}): OwnFiles {
  const { directory, onWritten } = options;
  /** Lengths by hash: most files differ without being read. */
  const written = new Map(options.earlier);

  async function isOwn(path: string): Promise<boolean> {
    try {
      const stats = await lstat(path);
      if (!stats.isFile() || ![...written.values()].includes(stats.size)) return false;
      return written.has(hash('sha256', await readFile(path)));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }

  return {
    async put(name, content) {
      const path = join(directory, name);
      const temporary = join(directory, `.${randomUUID()}.tmp`);
      try {
        await writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
        const own = await isOwn(path);
        if (own) await rename(temporary, path);
        else if (!(await placed(temporary, path, content))) return false;
        const made = { sha256: hash('sha256', content), bytes: Buffer.byteLength(content) };
        written.set(made.sha256, made.bytes);
        onWritten(made);
        return true;
      } finally {
        await rm(temporary, { force: true });
      }
    },
  };
}

/** Gives a file its name, whole at once, unless the name is taken. */
async function placed(temporary: string, path: string, content: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // A file system without links.
    return created(path, content);
  }
}

async function created(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}
