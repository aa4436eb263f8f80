import { expect, it } from 'vitest';
import { describeError } from '../../../source/commands/shared/describe-error.ts';
import { OrchestratorError, UsageError } from '../../../source/domain/errors.ts';

it('shows a foreseen error as its sentence alone', () => {
  expect(describeError(new OrchestratorError('x', 'It is gone: bring it back.'), {})).toEqual({
    text: 'It is gone: bring it back.\n',
    exitCode: 1,
  });
  expect(describeError(new UsageError('No.'), {}).exitCode).toBe(2);
});

it('shows an unforeseen error in one sentence with what to do', () => {
  const { text, exitCode } = describeError(new TypeError('x is not a function'), {});
  expect(exitCode).toBe(1);
  expect(text).toBe(
    'Something unforeseen went wrong (x is not a function): set DEBUG=1 to see where, and report it.\n',
  );
});

it.each([
  ['ENOSPC', 'There is no room on the disk (write): free some space, or'],
  ['EFBIG', 'There is no room on the disk (write): free some space, or'],
  ['EROFS', 'A file may not be used (write): check its permissions, or'],
  ['EMFILE', 'Too many files are open (write): raise the limit with ulimit -n.'],
])('shows %s as what the machine refuses, with what helps', (code, beginning) => {
  const error = Object.assign(new Error('write'), { code });
  const { text, exitCode } = describeError(error, {});
  expect(exitCode).toBe(1);
  expect(text.startsWith(beginning)).toBe(true);
  expect(text).toMatch(/^[^\n]+\.\n$/);
});

it('shows the stack and every cause where DEBUG asks for it', () => {
  const error = new Error('outer', { cause: new Error('inner', { cause: 'root' }) });
  const { text } = describeError(error, { DEBUG: '1' });
  expect(text).toContain('describe-error.test.ts');
  expect(text).toContain('Caused by: Error: inner');
  expect(text).toContain("Caused by: 'root'");
});
