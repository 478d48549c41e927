import { Group, Stack } from '@mantine/core';
import type { AnswerFiguresDetails } from '../../api/contracts';
import { Confusion } from '../../show/Confusion';
import { Figure } from '../../show/Figure';
import { count, measure, percent } from '../../show/numbers';

/** How answers compare with the truth: shares and a matrix for classes, errors for numbers. */
export function Figures({ figures, caption }: { figures: AnswerFiguresDetails; caption: string }) {
  const isNumeric = typeof figures.rootMeanSquareError === 'number';
  return (
    <Stack gap="md">
      <Group gap="xl">
        {isNumeric
          ? (
            <>
              <Figure name="Mean absolute error" value={measure(figures.meanAbsoluteError)} />
              <Figure name="Root mean square error" value={measure(figures.rootMeanSquareError)} />
            </>
          )
          : (
            <>
              <Figure name="Accuracy" value={percent(figures.accuracy, 2)} />
              <Figure name="Macro F1" value={percent(figures.macroF1, 2)} />
            </>
          )}
        <Figure name="Labelled predictions" value={count(figures.count)} />
      </Group>
      {!isNumeric && figures.confusion && figures.count > 0 && <Confusion cells={figures.confusion} caption={caption} />}
    </Stack>
  );
}
