import { expect, it } from 'vitest';
import { cleanEnvironment } from '../../../source/engine/children/environment.ts';

const given = {
  Path: 'C:\\tools',
  SystemRoot: 'C:\\Windows',
  PATHEXT: '.EXE',
  LC_ALL: 'de_DE.UTF-8',
  OPENAI_API_KEY: 'a key',
  USERPROFILE: 'C:\\Users\\me',
};

it('hands on what Windows needs to start a program, and no more', () => {
  expect(cleanEnvironment(given, 'win32')).toEqual({
    LANG: 'C.UTF-8',
    Path: 'C:\\tools',
    SystemRoot: 'C:\\Windows',
    PATHEXT: '.EXE',
    LC_ALL: 'de_DE.UTF-8',
  });
});

it('hands on less elsewhere', () => {
  expect(cleanEnvironment({ ...given, PATH: '/bin' }, 'linux')).toEqual({
    LANG: 'C.UTF-8',
    PATH: '/bin',
    LC_ALL: 'de_DE.UTF-8',
  });
});
