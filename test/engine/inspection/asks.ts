import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { createInspector } from '../../../source/engine/inspection/inspector.ts';

/** A program that asks once, and does nothing to end. */
const workerUrl = pathToFileURL(process.argv[2] ?? '');
const { inspect } = createInspector({ workerUrl });
const found = await inspect('matches', { text: 'a', pattern: 'a', flags: '' });
process.stdout.write(`${JSON.stringify(found)}\n`);
