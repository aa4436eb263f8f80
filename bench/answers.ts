import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { readPrompt } from '../source/domain/prompts.ts';
import { fuzz } from './answers/fuzz.ts';
import { hostile } from './answers/hostile.ts';

const root = resolve(import.meta.dirname, '..');

type Held = { wall: number; cpu: number };

/** Plays every model: authors and critics answer with the text, judges with a middling score. */
async function serve(text: string) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: { model: string; messages: { role: string; content: string }[] } = JSON.parse(
        Buffer.concat(chunks).toString('utf8'),
      );
      const [system, prompt] = ['system', 'user'].map(
        (role) => body.messages.find((message) => message.role === role)?.content ?? '',
      );
      const asked = readPrompt({ system: system ?? '', prompt: prompt ?? '' });
      const content = asked?.role === 'judge' ? '{"reasoning": "x", "score": 0.5}' : text;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          id: 'x',
          object: 'chat.completion',
          model: body.model,
          choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 100, completion_tokens: 900, total_tokens: 1000 },
        }),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, close: () => server.close() };
}

const configuration = (port: number): string => `catalogue: false
providers:
  pa: {kind: openai-compatible, baseUrl: "http://127.0.0.1:${port}/v1", apiKeyEnv: BENCH_API_KEY}
  pb: {kind: openai-compatible, baseUrl: "http://127.0.0.1:${port}/v1", apiKeyEnv: BENCH_API_KEY}
models:
  - {id: model-a, provider: pa, price: {input: 0.001, output: 0.001}, contextTokens: 4000000}
  - {id: model-b, provider: pb, price: {input: 0.001, output: 0.001}, contextTokens: 4000000}
`;

const project = `project: p
criteria: c
tasks:
  - {id: t1, type: code_generation, prompt: x}
  - {id: t2, type: data_extraction, prompt: x, validators: [json, {json-schema: {type: object}}, {regex: "^(a+)+$"}, {length: {max: 100}}]}
`;

/** One run of the built program whose every answer is the text. */
async function heldUpBy(text: string): Promise<Held> {
  const directory = mkdtempSync(join(tmpdir(), 'orchestrator-answers-'));
  const { port, close } = await serve(text);
  try {
    const work = join(directory, 'work');
    mkdirSync(work);
    writeFileSync(join(work, 'orchestrator.yaml'), configuration(port));
    writeFileSync(join(work, 'p.yaml'), project);
    const probe = join(directory, 'probe.json');
    const args = ['run', '--file', 'p.yaml', '--budget', '5', '--time', '60', '--concurrency', '1'];
    const child = spawn(
      process.execPath,
      ['--import', join(root, 'bench/answers/probe.mjs'), join(root, 'dist/cli.js'), ...args],
      {
        cwd: work,
        stdio: ['ignore', 'ignore', 'ignore'],
        env: {
          PATH: process.env['PATH'],
          HOME: directory,
          ORCHESTRATOR_CACHE_DIR: join(directory, 'cache'),
          ORCHESTRATOR_TRUST: '1',
          BENCH_API_KEY: 'bench-key-0123456789',
          ANSWERS_PROBE: probe,
        },
      },
    );
    await new Promise((ended) => child.once('close', ended));
    const held: Held = JSON.parse(readFileSync(probe, 'utf8'));
    return held;
  } finally {
    close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `npm run bench -- answers [--json] [--rounds N] [--size CHARACTERS] [--fuzz N [--seed N]] [KIND …]` */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const number = (flag: string, usual: number): number => {
    const place = args.indexOf(flag);
    return place === -1 ? usual : Number(args[place + 1]);
  };
  const fuzzed = number('--fuzz', 0);
  if (fuzzed > 0) {
    console.log(JSON.stringify({ bench: 'answers', ...(await fuzz(fuzzed, number('--seed', 1))) }));
    return;
  }
  const [rounds, size] = [number('--rounds', 1), number('--size', 1_000_000)];
  const named = Object.keys(hostile).filter((name) => args.includes(name));
  const kinds = named.length > 0 ? named : Object.keys(hostile);
  const figures: (Held & { kind: string })[] = [];
  for (const kind of ['ordinary words', ...kinds]) {
    const text = hostile[kind]?.(size) ?? 'An ordinary answer. '.repeat(100);
    const held: Held[] = [];
    for (let round = 0; round < rounds; round += 1) held.push(await heldUpBy(text));
    // What the machine did besides is not the program's.
    const wall = Math.min(...held.map((one) => one.wall));
    const cpu = Math.min(...held.map((one) => one.cpu));
    figures.push({ kind, wall, cpu });
    if (!json) {
      console.log(
        `${cpu <= 50 ? '✓' : '✗'} ${kind}: ${cpu.toFixed(1)} ms (by the clock ${wall.toFixed(1)} ms)`,
      );
    }
  }
  const longest = Math.max(...figures.slice(1).map(({ cpu }) => cpu));
  if (json) console.log(JSON.stringify({ bench: 'answers', size, longest, figures }));
  else {
    console.log(
      `${longest <= 50 ? '✓' : '✗'} longest time that one answer of ${size} characters holds up keys, timers and signals\n    asked ≤ 50 ms; measured ${longest.toFixed(1)} ms`,
    );
  }
}
