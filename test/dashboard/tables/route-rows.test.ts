import { expect, it } from 'vitest';
import type { Recommendation, Route } from '../../../source/domain/insight.ts';
import { routeRows } from '../../../source/dashboard/tables/route-rows.ts';
import { mockInsight } from '../../support/insight.ts';
import { openSession, screenOf } from '../../support/session.tsx';

const insight = mockInsight();
const [route] = insight.routes;
if (route === undefined) throw new Error('The mock has some.');

const promise: Recommendation = {
  kind: 'promising',
  taskType: route.taskType,
  model: route.model,
  alternative: 'gemini-flash',
  monthlySavingsUsd: 1.5,
  evidence: { n: 40, nAlternative: 30, probability: 0.987 },
  message: 'gemini-flash may do it as well',
};

const rowOf = (given: Route, recommendations: Recommendation[]) =>
  routeRows([given], { cells: insight.cells, recommendations })[0];

it('names what is promising beside who gets the work, where nothing is firm', () => {
  expect(rowOf(route, [promise])?.likely).toEqual({
    alternative: 'gemini-flash',
    monthlySavingsUsd: 1.5,
  });
  const firm = { ...route, alternative: 'gpt-4o', monthlySavingsUsd: 2 };
  expect(rowOf(firm, [promise])).not.toHaveProperty('likely');
  // Of another model, of another type, or of reviews, which no other model would take over.
  expect(rowOf(route, [{ ...promise, model: 'gpt-4o' }])).not.toHaveProperty('likely');
  expect(rowOf(route, [{ ...promise, taskType: 'summarization' }])).not.toHaveProperty('likely');
  const { alternative: _, ...reviews } = promise;
  expect(rowOf(route, [reviews])).not.toHaveProperty('likely');
});

it('counts the tasks of a type, and the models that did them', () => {
  const ofType = insight.cells.filter(({ taskType }) => taskType === route.taskType);
  const row = rowOf(route, []);
  expect(row?.tasks).toBe(ofType.reduce((sum, { taskCount }) => sum + taskCount, 0));
  expect(row?.models).toBe(ofType.length);
});

it('says on the screen how sure that is', async () => {
  const session = openSession({
    insight: { ...insight, recommendations: [promise] },
    columns: 140,
    rows: 30,
  });
  session.press('2');
  const line = (await screenOf(session.state())).find((one) => one.includes('gemini-flash  '));
  expect(line).toMatch(/gemini-flash +\$1\.50 +not yet │$/);
});
