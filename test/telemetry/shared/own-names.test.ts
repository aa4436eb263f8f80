import { expect, it } from 'vitest';
import { withFields } from '../../../source/domain/defined.ts';
import { namedInsight } from '../../../source/telemetry/shared/own-names.ts';
import { mockInsight } from '../../support/insight.ts';

const own = { project: (id: string) => `own ${id}`, task: (_: string, id: string) => id };

it('names the runs of an insight as this machine does', () => {
  const insight = mockInsight();
  const named = namedInsight(insight, own);
  const namesOf = ({ learningCurve, spendByProject }: typeof insight): string[] =>
    [...learningCurve, ...spendByProject].map(({ projectId }) => projectId);
  expect(namesOf(insight)).not.toEqual([]);
  expect(namesOf(named)).toEqual(namesOf(insight).map(own.project));
  expect(named.summary).toBe(insight.summary);
});

it('takes no run apart before somebody asks for runs, and each once', () => {
  const insight = mockInsight();
  const asked: string[] = [];
  const named = namedInsight(
    withFields(insight, {
      get learningCurve() {
        asked.push('learningCurve');
        return insight.learningCurve;
      },
      get spendByProject() {
        asked.push('spendByProject');
        return insight.spendByProject;
      },
    }),
    own,
  );
  expect(asked).toEqual([]);
  expect(named.learningCurve).toBe(named.learningCurve);
  expect(asked).toEqual(['learningCurve']);
});
