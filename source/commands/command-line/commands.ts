import { builtInTaskTypes as taskTypes } from '../../domain/task-type.ts';
import type { CommandSpecification } from './specification.ts';

const toggle = (about: string) => ({ type: 'boolean', about }) as const;
const text = (value: string, about: string) => ({ type: 'string', value, about }) as const;

const database = text('FILE', 'file or postgres:// address (default: <cache>/telemetry.db)');
const configuration = text(
  'FILE',
  'configuration (default: ./orchestrator.yaml, then ~/.config/orchestrator/config.yaml)',
);
const json = toggle('print JSON for other programs');

/** Every command. Adding one is adding it here; code is loaded only for the one that runs. */
export const commands = {
  run: {
    summary: 'Run a project: split it into tasks, route each to a model, learn from the outcome',
    usage: '--project TEXT --criteria TEXT | --file project.yaml | --resume ID',
    flags: {
      project: text('TEXT', 'what to do'),
      criteria: text('TEXT', 'what a good result is'),
      file: text('FILE', 'project file with project, criteria, tasks, …; - reads it from stdin'),
      budget: text('USD', 'most dollars to spend (default: 8)'),
      time: text('SECONDS', 'most seconds to take (default: 5400)'),
      concurrency: text('N', 'tasks at a time (default: 3)'),
      outputDir: text('DIR', 'a new or empty folder for the results (default: with the journal)'),
      projectId: text('ID', 'name of this run (default: a new one)'),
      resume: text('ID', 'resume an interrupted run'),
      tag: {
        type: 'string',
        value: 'NAME=VALUE',
        isList: true,
        about: 'what to call it by, as in team=search; may be given several times',
      },
      config: configuration,
      simulate: toggle('use simulated models: no key, no network, no cost'),
      seed: text('N', 'of a simulated run: same seed, same story (default: 1)'),
      watch: toggle('watch the run in the dashboard'),
      json: toggle('print one JSON object per event'),
      verbose: toggle('write a log file beside the journal'),
    },
    examples: [
      'orchestrator run --project "A rate limiter in TypeScript" --criteria "Tested, no dependencies"',
      'orchestrator run --file project.yaml --budget 2 --watch',
    ],
    load: () => import('../run/command.ts'),
  },
  dashboard: {
    summary: 'Show what was learned, why it routes as it does, and what to change',
    usage: '[flags]',
    flags: {
      days: text('N', 'window in days (default: 30)'),
      byTask: toggle('models ranked per task type'),
      cost: toggle('quality per dollar'),
      plain: toggle('print text and exit, as when piped'),
      json,
      db: database,
      refresh: text('MS', 'check for new data this often (default: 250)'),
      config: configuration,
      ascii: toggle('draw with ASCII characters alone'),
    },
    examples: ['orchestrator dashboard', 'orchestrator dashboard --plain --days 7'],
    load: () => import('../dashboard/command.ts'),
  },
  demo: {
    summary: 'See it work: projects run on simulated models, live in the dashboard; no key needed',
    usage: '[flags]',
    flags: {
      runs: text('N', 'projects to run (default: 6)'),
      seed: text('N', 'same seed, same story (default: 1)'),
      plain: toggle('print text and exit, as when piped'),
      ascii: toggle('draw with ASCII characters alone'),
    },
    examples: ['orchestrator demo', 'orchestrator demo --runs 3 --plain'],
    load: () => import('../demo/command.ts'),
  },
  explain: {
    summary: 'Show how a task of this type would be routed now, and why',
    usage: 'TASK_TYPE [flags]',
    argument: 'TASK_TYPE',
    choices: taskTypes,
    flags: { db: database, config: configuration, json },
    examples: ['orchestrator explain code_generation'],
    load: () => import('../explain/command.ts'),
  },
  replay: {
    summary: 'Ask recorded outcomes whether learning would have paid off',
    usage: 'FILE [flags]',
    argument: 'FILE',
    flags: {
      runs: text('N', 'runs, a day apart (default: 20)'),
      tasksPerRun: text('N', 'tasks in each (default: 100)'),
      tolerance: text('Q', 'quality tolerance (default: 0.05)'),
      seed: text('N', 'same seed, same sample of tasks (default: 1)'),
      cold: toggle('forget between runs, as the control'),
      json,
    },
    examples: [
      'orchestrator replay outcomes.csv',
      'orchestrator replay outcomes.csv --cold --json',
    ],
    load: () => import('../replay/command.ts'),
  },
  runs: {
    summary: 'List past and present runs, or show one with its tasks, critiques and files',
    usage: '[ID] [flags]',
    optionalArgument: 'ID',
    flags: {
      limit: text('N', 'the newest N runs (default: 20)'),
      db: database,
      json,
    },
    examples: ['orchestrator runs', 'orchestrator runs p-1a2b3c4d'],
    load: () => import('../runs/command.ts'),
  },
  compare: {
    summary: 'Let two models answer the same tasks, until it is settled which is better',
    usage: 'A B --type T [flags]',
    argument: 'A',
    secondArgument: 'B',
    flags: {
      type: text('T', 'the task type'),
      tasks: text('N', 'the most tasks (default: 100)'),
      budget: text('USD', 'most dollars to spend (default: 2)'),
      file: text(
        'FILE',
        'tasks: a project file, or lines of {"prompt": …} (default: those of your runs)',
      ),
      config: configuration,
      db: database,
      simulate: toggle('use simulated models: no key, no network, no cost'),
      json,
    },
    examples: [
      'orchestrator compare gpt-5.4-mini deepseek-chat --type summarization',
      'orchestrator compare small large --type code_review --tasks 60 --budget 1 --file tasks.jsonl',
    ],
    load: () => import('../compare/command.ts'),
  },
  outcome: {
    summary: 'Record what you, a test or a merge found of a result: it outranks every judge',
    usage: '[RUN/TASK VALUE] [flags]',
    argument: 'RUN/TASK',
    secondArgument: 'VALUE',
    asks: true,
    flags: {
      source: text('WORD', 'who found it (default: person)'),
      note: text('TEXT', 'what there is to say of it'),
      sampled: text(
        'P',
        'the probability with which your program picked this task (default: volunteered)',
      ),
      db: database,
      json,
    },
    examples: [
      'orchestrator outcome   # asks in a terminal about results picked at random',
      'orchestrator outcome p-1a2b3c4d/parser good',
      'orchestrator outcome p-1a2b3c4d/parser 0.4 --source merge --note "half of it was kept"',
      'orchestrator outcome p-1a2b3c4d/parser withdraw',
    ],
    load: () => import('../outcome/command.ts'),
  },
  history: {
    summary: 'Look after a history that many machines share on a server',
    usage: 'status | init | push [FILE] | copy --to FILE | check | repair | drop-before DATE',
    argument: 'ACTION',
    choices: ['status', 'init', 'push', 'copy', 'check', 'repair', 'drop-before'],
    optionalSecondArgument: 'FILE or DATE',
    flags: {
      db: database,
      config: configuration,
      print: toggle('init: print what would run, for who runs the server'),
      to: text('FILE', 'copy: a new local history'),
      days: text('N', 'copy: the last days (default: 90)'),
      day: text('DATE', 'check: one day alone'),
      yes: toggle('drop-before: do it; without, it says what would go'),
      json,
    },
    examples: [
      'orchestrator history init --db postgres://admin@db.internal/orchestrator',
      'orchestrator history push',
    ],
    load: () => import('../history/command.ts'),
  },
  models: {
    summary: 'List the models that can be called, their prices, and what history says of them',
    usage: '[flags]',
    flags: { config: configuration, db: database, json },
    examples: ['orchestrator models'],
    load: () => import('../models/command.ts'),
  },
  import: {
    summary: 'Take in what other tools recorded, so that routing starts warm',
    usage: 'FILE [flags]',
    argument: 'FILE',
    flags: {
      from: text(
        'FORMAT',
        'own, litellm, promptfoo, inspect, otlp, langfuse, original or csv (default: detected)',
      ),
      taskType: text('TYPE', 'task type of records that name none (default: general)'),
      score: text('NAME', 'the score that counts, of records that have several'),
      db: database,
      config: configuration,
      json,
    },
    examples: [
      'orchestrator import spend.jsonl --from litellm --task-type summarization',
      'cat records.csv | orchestrator import -',
    ],
    load: () => import('../import/command.ts'),
  },
  export: {
    summary: 'Hand out all that is recorded, or what was learned, to other programs',
    usage: '[flags]',
    flags: {
      format: text(
        'FORMAT',
        'jsonl, csv, parquet or prometheus (default: by the name of the file, else jsonl)',
      ),
      output: text('FILE', 'where to (default: the standard output)'),
      only: text('KIND', 'task, snapshot, call, outcome or tag alone'),
      tag: {
        type: 'string',
        value: 'NAME=VALUE',
        isList: true,
        about: 'what has this tag alone; several: all of them; NAME: any value',
      },
      quiet: toggle('say nothing when it is done'),
      db: database,
    },
    examples: [
      'orchestrator export --output facts.jsonl',
      'orchestrator export --format prometheus --output /var/lib/node_exporter/orchestrator.prom',
    ],
    load: () => import('../export/command.ts'),
  },
  trust: {
    summary: 'Allow a configuration file found in a folder to move keys and prompts',
    usage: '[FILE] [flags]',
    optionalArgument: 'FILE',
    flags: {
      list: toggle('show what is trusted'),
      withdraw: toggle('take the trust back'),
      json,
    },
    examples: ['orchestrator trust', 'orchestrator trust --withdraw ../project/orchestrator.yaml'],
    load: () => import('../trust/command.ts'),
  },
  doctor: {
    summary: 'Check paths, keys, configuration, history, prices and terminal; say what to do',
    usage: '[flags]',
    flags: { config: configuration, db: database, json },
    examples: ['orchestrator doctor'],
    load: () => import('../doctor/command.ts'),
  },
  init: {
    summary: 'Write a commented orchestrator.yaml for the keys and local servers that are there',
    usage: '[flags]',
    flags: {
      user: toggle('write ~/.config/orchestrator/config.yaml instead'),
      json,
    },
    examples: ['orchestrator init'],
    load: () => import('../init/command.ts'),
  },
  completion: {
    summary: 'Print what completes commands and flags in a shell',
    usage: 'bash|zsh|fish',
    argument: 'SHELL',
    choices: ['bash', 'zsh', 'fish'],
    flags: {},
    examples: [
      'source <(orchestrator completion bash)   # in ~/.bashrc',
      'source <(orchestrator completion zsh)    # in ~/.zshrc, after compinit',
      'orchestrator completion fish > ~/.config/fish/completions/orchestrator.fish',
    ],
    load: () => import('../completion/command.ts'),
  },
} as const satisfies Record<string, CommandSpecification>;

export type CommandName = keyof typeof commands;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

export const commandNames: readonly CommandName[] = Object.keys(commands).filter(isCommandName);
