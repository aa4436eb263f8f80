import { render } from 'ink-testing-library';
import { expect, it } from 'vitest';
import { PlainTable, plainTableHeight } from '../../../source/dashboard/panes/plain-table.tsx';
import { renderStyleOf } from '../../../source/dashboard/theme/index.ts';

const rows = [
  { task: 'code_gen', quality: ' 0.91' },
  { task: 'evaluate', quality: ' 0.89' },
];

function drawn(ascii: boolean): string {
  const style = renderStyleOf({ theme: 'plain', depth: 1, ascii });
  const { lastFrame, unmount } = render(
    <PlainTable rows={rows} columns={['task', 'quality']} style={style} />,
  );
  const frame = lastFrame() ?? '';
  unmount();
  return frame;
}

it('rules off every row of a table that is only read', () => {
  expect(`\n${drawn(false)}`).toMatchInlineSnapshot(`
    "
    ┌──────────┬─────────┐
    │ task     │ quality │
    ├──────────┼─────────┤
    │ code_gen │  0.91   │
    ├──────────┼─────────┤
    │ evaluate │  0.89   │
    └──────────┴─────────┘"
  `);
  expect(drawn(false).split('\n')).toHaveLength(plainTableHeight(rows.length));
});

it('draws with ASCII alone where the terminal knows no more', () => {
  expect(drawn(true)).toMatch(/^[\n -~]*$/);
});
