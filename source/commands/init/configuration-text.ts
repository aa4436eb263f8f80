import { descriptionOf } from '../configuration/index.ts';
import type { LocalServer } from './find-servers.ts';

export type Found = {
  /** The variables that hold keys, by the provider they are for. */
  keys: readonly { provider: string; variable: string }[];
  servers: readonly LocalServer[];
  /** Where the JSON Schema lies, for editors. */
  schema: string;
};

/** A configuration with what was found in use, and everything else as a comment that says what it does. */
export function configurationText({ keys, servers, schema }: Found): string {
  return [
    `# yaml-language-server: $schema=${schema}`,
    '# What orchestrator may use, and how it chooses. All of it may be left out.',
    '# orchestrator doctor says what is in force; orchestrator models lists the models.',
    '',
    ...keyLines(keys),
    '',
    ...providerLines(servers),
    '',
    ...modelLines(servers),
    '',
    ...settingLines,
    `# ${about('history')}`,
    '# history: postgres://me@db.internal/orchestrator?sslmode=verify-full',
    '',
  ].join('\n');
}

function keyLines(keys: Found['keys']): string[] {
  if (keys.length === 0) {
    return [
      '# No key was found. Set one in your environment, never in this file: OPENAI_API_KEY,',
      '# ANTHROPIC_API_KEY, GOOGLE_API_KEY, DEEPSEEK_API_KEY, MOONSHOT_API_KEY, …',
    ];
  }
  return [
    '# Keys that were found; the models of these providers are used without a word here:',
    ...keys.map(({ provider, variable }) => `#   ${provider}: ${variable}`),
  ];
}

/** Quoted, so that whatever a server calls its models is read as a text. */
const quoted = (text: string): string => JSON.stringify(text);

function providerLines(servers: readonly LocalServer[]): string[] {
  if (servers.length === 0) {
    return [
      `# ${about('providers')}`,
      '# providers:',
      '#   local: {kind: openai-compatible, baseUrl: "http://127.0.0.1:11434/v1"}',
    ];
  }
  return [
    '# Servers that answered on this machine.',
    'providers:',
    ...servers.map(
      ({ name, baseUrl }) => `  ${name}: {kind: openai-compatible, baseUrl: ${quoted(baseUrl)}}`,
    ),
  ];
}

function modelLines(servers: readonly LocalServer[]): string[] {
  const seen = new Set<string>();
  const lines = servers.flatMap(({ name, models }) =>
    models.flatMap((id) => {
      if (seen.has(id)) return [];
      seen.add(id);
      return [`  - {id: ${quoted(id)}, provider: ${name}, price: {input: 0, output: 0}}`];
    }),
  );
  if (lines.length > 0) return ['# price is in dollars per million tokens.', 'models:', ...lines];
  return [
    `# ${about('models')} ${about('models.*.price')}`,
    '# models:',
    '#   - {id: llama3.2, provider: local, price: {input: 0, output: 0}}',
  ];
}

const about = (setting: string): string => descriptionOf(setting) ?? setting;

/** What is not found but chosen, with examples. */
const examples: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  routing: {
    strategy: 'adaptive',
    qualityTolerance: '0.05',
    exploration: '0.2',
    portfolio: 'true',
  },
  roles: { planner: '[claude-opus-5-5]', critic: '[]', judge: '[gpt-6-sol]' },
  supervision: { maxShare: '0.3', ask: '0.05' },
  budget: { month: '50' },
  policy: { allow: '[]', block: '[]', maxLatencyMs: '20000', maxTaskCostUsd: '0.5' },
};

const settingLines = Object.entries(examples).flatMap(([section, settings]) => [
  `# ${about(section)}`,
  `# ${section}:`,
  ...Object.entries(settings).map(
    ([name, value]) => `#   ${`${name}: ${value}`.padEnd(30)}# ${about(`${section}.${name}`)}`,
  ),
  '',
]);
