import { Text, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { dateTime, exactTime, milliseconds, relativeTime, type Instant } from './times';

/** A time in the viewer's zone, or how long ago it is; the other and the zone are in its tooltip. */
export function TimeText({ at, relative = false }: { at: Instant | null | undefined; relative?: boolean }) {
  useMinute(relative);
  if (at === null || at === undefined)
    return <Text span inherit c="dimmed">{relative ? 'never' : '–'}</Text>;
  return (
    <Tooltip label={relative ? exactTime(at) : `${exactTime(at)}, ${relativeTime(at)}`}>
      <time dateTime={new Date(milliseconds(at)).toISOString()} className="mlops-number">{relative ? relativeTime(at) : dateTime(at)}</time>
    </Tooltip>
  );
}

// "3 seconds ago" grows old while one looks at it.
function useMinute(isWanted: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!isWanted)
      return undefined;
    const timer = setInterval(() => tick(n => n + 1), 10_000);
    return () => clearInterval(timer);
  }, [isWanted]);
}
