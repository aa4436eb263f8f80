import process from 'node:process';
import { validate } from '../../../source/engine/validators/index.ts';

/** A program that has one command check an answer: `checks SCRATCH COMMAND`. */
const [scratchDirectory = '', command = ''] = process.argv.slice(2);
await validate([{ kind: 'command', command, timeoutSeconds: 600 }], 'x', {
  taskType: 'summarization',
  secrets: [],
  scratchDirectory,
});
