import { Text } from '@mantine/core';
import classes from './Confusion.module.css';
import { count, percent } from './numbers';

export interface ConfusionCell {
  expected: string;
  answered: string;
  count: number;
}

/** The classes of a matrix in a stable order. */
export function classesOf(cells: readonly ConfusionCell[]): string[] {
  return [...new Set(cells.flatMap(c => [c.expected, c.answered]))].sort((a, b) => a.localeCompare(b));
}

/** How often each class was answered where each class was right; rows are the truth. */
export function Confusion({ cells, caption }: { cells: readonly ConfusionCell[]; caption: string }) {
  const names = classesOf(cells);
  const at = (expected: string, answered: string) => cells.find(c => c.expected === expected && c.answered === answered)?.count ?? 0;
  if (names.length === 0)
    return <Text c="dimmed" size="sm">No labelled predictions yet. The confusion matrix is shown once records have labels.</Text>;
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={caption}>
      <table className={classes.table}>
        <caption className={classes.caption}>{caption}. Rows: actual class; columns: predicted class.</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>actual \ predicted</th>
            {names.map(name => <th key={name} scope="col">{name || '(none)'}</th>)}
            <th scope="col">recall</th>
          </tr>
        </thead>
        <tbody>
          {names.map(expected => {
            const all = names.reduce((sum, answered) => sum + at(expected, answered), 0);
            return (
              <tr key={expected}>
                <th scope="row">{expected || '(none)'}</th>
                {names.map(answered => {
                  const value = at(expected, answered);
                  const share = all === 0 ? 0 : value / all;
                  return (
                    <td
                      key={answered}
                      data-right={expected === answered || undefined}
                      title={all === 0 ? undefined : `${percent(share)} of '${expected}'`}
                      style={{ '--share': `${Math.round(Math.sqrt(share) * 70)}%` } as React.CSSProperties}
                    >
                      {count(value)}
                    </td>
                  );
                })}
                <td className={classes.found}>{all === 0 ? '–' : percent(at(expected, expected) / all)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
