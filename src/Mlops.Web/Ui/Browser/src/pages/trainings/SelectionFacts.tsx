import { Anchor, Code } from '@mantine/core';
import { Link } from 'wouter';
import type { DataDetails, TrainingStart } from '../../api/contracts';
import { Digest } from '../../show/Digest';
import { Facts } from '../../show/Facts';
import { count, percent } from '../../show/numbers';
import { TimeText } from '../../show/TimeText';

const qualities = ['all', 'uncertain or better', 'good or better', 'good (cascade) only'];

/** What was selected for a training: as it was asked for, and, when it has run, what came out of that. */
export function SelectionFacts({ request, data }: { request?: TrainingStart | null; data?: DataDetails | null }) {
  const feed = data?.feed ?? request?.feed;
  const mapped = Object.entries(request?.inputs ?? {});
  return (
    <Facts facts={[
      ['Feed', feed ? <Anchor key="f" component={Link} href={`/data/${encodeURIComponent(feed)}`} size="sm">{feed}</Anchor> : null],
      ['Inputs', mapped.length > 0 ? mapped.map(([name, f]) => `${name} ← ${f.field} of ${f.feed}`).join(', ') : null],
      ['From', request?.from ? <TimeText key="a" at={request.from} /> : null],
      ['To', request?.to ? <TimeText key="b" at={request.to} /> : null],
      ['Filter', request?.filter ?? data?.filter ? <Code key="c">{request?.filter ?? data?.filter}</Code> : null],
      ['Newest only', typeof request?.limit === 'number' ? `${count(request.limit)} records` : null],
      ['Quality', request?.minimumQuality ? qualities[request.minimumQuality] : null],
      ['Labels', data?.labels ?? request?.labels],
      ['Balanced', request?.balance ? `${typeof request.balance.perClass === 'number' ? `at most ${count(request.balance.perClass)}` : 'equally many'} of each class` : null],
      ['Held out', request?.holdOut ? `${percent(request.holdOut.heldOut, 0)} by ${request.holdOut.kind === 'time' ? 'time (the newest)' : request.holdOut.kind === 'group' ? `groups of ${request.holdOut.field}` : 'chance'}${data ? `: ${count(data.heldOut)} records` : ''}` : null],
      ['Records', data ? count(data.records) : null],
      ['Positions', data ? `${count(data.firstPosition)} to ${count(data.lastPosition)}` : null],
      ['Hash', data ? <Digest key="h" value={data.hash} name="the hash of the data" /> : null],
    ]} />
  );
}
