import { closeSync, fstatSync, readSync } from 'node:fs';
import { openOwnFile } from '../../files/own-file.ts';

/** Where in a journal the text of an event lies, as JSON without its quotes. In bytes. */
export type TextPlace = { offset: number; length: number };

/** Taking a shorter line apart costs more than reading it. */
const longLine = 1024;

/*
 * What stands before and behind a long text. None of it can stand within one, where every quote has a backslash
 * before it, so in a line that is JSON it is found where it means what it says.
 */
const answer = Buffer.from('"answer":{"text":"');
const finishReason = Buffer.from('","finishReason":"');
const output = Buffer.from(',"output":"');
const projectId = Buffer.from('","projectId":"');

/** A line of a journal with its answer left empty, and where in the line that is; or without its output. */
export function withoutText(line: Buffer): { rest: string; text?: TextPlace } {
  if (line.length >= longLine) {
    const answered = between(line, answer, finishReason);
    if (answered !== undefined) {
      const { offset, length } = answered;
      return { rest: without(line, offset, offset + length), text: answered };
    }
    const put = between(line, output, projectId);
    if (put !== undefined) {
      const { offset, length } = put;
      return { rest: without(line, offset - output.length, offset + length + 1) };
    }
  }
  return { rest: line.toString('utf8') };
}

function between(line: Buffer, before: Buffer, behind: Buffer): TextPlace | undefined {
  const found = line.indexOf(before);
  if (found === -1) return undefined;
  const offset = found + before.length;
  const end = line.indexOf(behind, offset);
  return end === -1 ? undefined : { offset, length: end - offset };
}

const without = (line: Buffer, from: number, to: number): string =>
  line.toString('utf8', 0, from) + line.toString('utf8', to);

const gone =
  'What was written here is no longer in the journal: it has been replaced since; open the run again.';

/** Reads texts of one journal, which grows, but is not written anew. Never throws. */
export function createTextReader(path: string, inode: number): (place: TextPlace) => string {
  return ({ offset, length }) => {
    const opened = openOwnFile(path);
    if (!opened.ok) return gone;
    const { descriptor } = opened;
    try {
      if (fstatSync(descriptor).ino !== inode) return gone;
      const bytes = Buffer.allocUnsafe(length);
      const read = readSync(descriptor, bytes, 0, length, offset);
      const text: unknown = JSON.parse(`"${bytes.toString('utf8', 0, read)}"`);
      return typeof text === 'string' ? text : gone;
    } catch {
      return gone;
    } finally {
      closeSync(descriptor);
    }
  };
}
