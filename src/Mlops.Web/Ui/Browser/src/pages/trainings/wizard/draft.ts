import type { FeedSummary, TrainingStart, TrainingStatus, WorkflowDetails } from '../../../api/contracts';

/** A training as it is being put together; numbers that are empty are null. */
export interface Draft {
  workflow: string | null;
  version: string | null;
  feed: string | null;
  /** The field behind each input whose name no field has. */
  fields: Record<string, string>;
  from: string;
  to: string;
  filter: string;
  limit: number | null;
  minimumQuality: number;
  labels: string;
  params: Record<string, unknown>;
  isBalanced: boolean;
  perClass: number | null;
  holdOut: 'none' | 'random' | 'time' | 'group';
  heldOut: number;
  groupField: string | null;
}

export const emptyDraft: Draft = {
  workflow: null, version: null, feed: null, fields: {}, from: '', to: '', filter: '', limit: null, minimumQuality: 0, labels: '', params: {},
  isBalanced: false, perClass: null, holdOut: 'random', heldOut: 0.2, groupField: null,
};

/** The draft of a training that asks for the same as another one. */
export function draftOf({ request, version }: TrainingStatus): Draft {
  const inputs = Object.entries(request.inputs ?? {});
  return {
    ...emptyDraft,
    workflow: request.workflow,
    version,
    feed: request.feed ?? inputs[0]?.[1].feed ?? null,
    fields: Object.fromEntries(inputs.map(([name, f]) => [name, f.field])),
    from: localTime(request.from),
    to: localTime(request.to),
    filter: request.filter ?? '',
    limit: request.limit ?? null,
    minimumQuality: request.minimumQuality ?? 0,
    labels: request.labels ?? '',
    params: request.params ?? {},
    isBalanced: Boolean(request.balance),
    perClass: request.balance?.perClass ?? null,
    holdOut: (request.holdOut?.kind as Draft['holdOut'] | undefined) ?? 'none',
    heldOut: request.holdOut?.heldOut ?? 0.2,
    groupField: request.holdOut?.field ?? null,
  };
}

/** Inputs of a workflow for which the feed has no field of that name. */
export function unbound(workflow: WorkflowDetails | undefined, feed: FeedSummary | undefined): string[] {
  const names = new Set(feed?.fields.map(f => f.name));
  return feed ? (workflow?.inputs ?? []).map(i => i.name).filter(name => !names.has(name)) : [];
}

/** The feeds that have a field for every input of a workflow; none where the workflow takes any. */
export function fitting(workflow: WorkflowDetails | undefined, feeds: readonly FeedSummary[]): FeedSummary[] {
  return workflow?.inputs ? feeds.filter(f => unbound(workflow, f).length === 0) : [];
}

/** Feeds that can be learned from: what models predicted is left out. */
export function learnable(feeds: readonly FeedSummary[]): FeedSummary[] {
  return feeds.filter(f => !f.fields.some(x => x.name === 'source_row'));
}

/** What is asked of the node. */
export function toStart(draft: Draft, unboundInputs: readonly string[]): TrainingStart {
  const params = Object.entries(draft.params);
  return {
    workflow: draft.workflow ?? '',
    version: draft.version,
    feed: draft.feed,
    inputs: unboundInputs.length > 0 && draft.feed
      ? Object.fromEntries(unboundInputs.filter(name => draft.fields[name]).map(name => [name, { feed: draft.feed!, field: draft.fields[name]! }]))
      : null,
    from: instant(draft.from),
    to: instant(draft.to),
    filter: draft.filter.trim() || null,
    limit: draft.limit,
    labels: draft.labels.trim() || null,
    params: params.length > 0 ? Object.fromEntries(params) : null,
    minimumQuality: draft.minimumQuality,
    balance: draft.isBalanced ? { perClass: draft.perClass, seed: 0 } : null,
    holdOut: draft.holdOut === 'none' ? null : { kind: draft.holdOut, heldOut: draft.heldOut, seed: 0, field: draft.holdOut === 'group' ? draft.groupField : null },
  };
}

/** What the node takes of a value that was typed as the parameter's default is: a number, true or false, or text. */
export function typed(text: string, like: unknown): unknown {
  if (typeof like === 'number' && text.trim() !== '' && Number.isFinite(Number(text)))
    return Number(text);
  return text;
}

/** A time of the viewer's zone, as a field for times has it, in UTC. */
export function instant(local: string): string | null {
  const at = local ? new Date(local) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}

/** A time in the viewer's zone, as a field for times wants it. */
export function localTime(at: string | null | undefined): string {
  if (!at)
    return '';
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
