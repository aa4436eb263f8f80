import { describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { commandNames } from '../../../source/commands/command-line/commands.ts';
import { runCommandLine } from '../../support/context.ts';

describe('help', () => {
  it('greets someone who types the name alone', async () => {
    const { exitCode, stdout, stderr } = await runCommandLine([]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "Routes your work to the language models that do it best, and learns from every run.

      Usage
        orchestrator COMMAND [flags]

      Commands
        run         Run a project: split it into tasks, route each to a model, learn from the outcome
        dashboard   Show what was learned, why it routes as it does, and what to change
        demo        See it work: projects run on simulated models, live in the dashboard; no key needed
        explain     Show how a task of this type would be routed now, and why
        replay      Ask recorded outcomes whether learning would have paid off
        runs        List past and present runs, or show one with its tasks, critiques and files
        compare     Let two models answer the same tasks, until it is settled which is better
        outcome     Record what you, a test or a merge found of a result: it outranks every judge
        history     Look after a history that many machines share on a server
        models      List the models that can be called, their prices, and what history says of them
        import      Take in what other tools recorded, so that routing starts warm
        export      Hand out all that is recorded, or what was learned, to other programs
        trust       Allow a configuration file found in a folder to move keys and prompts
        doctor      Check paths, keys, configuration, history, prices and terminal; say what to do
        init        Write a commented orchestrator.yaml for the keys and local servers that are there
        completion  Print what completes commands and flags in a shell

      Start here
        orchestrator demo                 see it work, without any key
        orchestrator COMMAND --help       flags and examples of a command
      "
    `);
  });

  it.each(commandNames)('describes %s exactly so', async (name) => {
    const { exitCode, stdout } = await runCommandLine([name, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatchSnapshot();
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(110);
  });

  it('is the same whichever way it is asked for', async () => {
    const { stdout } = await runCommandLine(['run', '--help']);
    expect((await runCommandLine(['help', 'run'])).stdout).toBe(stdout);
    expect((await runCommandLine(['run', '-h'])).stdout).toBe(stdout);
  });

  it('prints the version', async () => {
    expect((await runCommandLine(['--version'])).stdout).toBe(`${packageJson.version}\n`);
  });
});

describe('wrong usage', () => {
  it.each([
    [['walk'], 'There is no command "walk": use one of'],
    [['--budget', '2'], '"--budget" stands where a command is expected: begin with one of run, '],
    [['help', 'walk'], 'There is no command "walk": use one of'],
    [['run', '--days', '3'], 'no flag --days here (it is one of orchestrator dashboard, history)'],
    [['explain', 'code_reveiw'], 'no task type "code_reveiw" (did you mean code_review?)'],
    [['run', '--foo'], 'There is no flag --foo here: see orchestrator run --help.'],
    [
      ['run', '--constructor=x'],
      'There is no flag --constructor here: see orchestrator run --help.',
    ],
    [['run', '--to-string'], 'There is no flag --to-string here: see orchestrator run --help.'],
    [['run', '-x'], 'There is no flag -x here: see orchestrator run --help.'],
    [['dashboard', '--days'], '--days needs a value: write --days N'],
    [['dashboard', '--no-days'], '--days needs a value: write --days N'],
    [['dashboard', '--days', '1', '--days', '2'], 'The flag --days can only be set once'],
    [['dashboard', 'everything'], 'takes no argument, and "everything" is one'],
    [['explain'], 'orchestrator explain needs TASK_TYPE'],
    [['explain', 'a', 'b'], 'takes one TASK_TYPE, and "b" is a second'],
  ])('%j is told in one sentence, with exit code 2', async (argv, sentence) => {
    const { exitCode, stdout, stderr } = await runCommandLine(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
