import type { ReleaseRule, TriggerBody, TriggerDetails } from '../../../api/contracts';
import { percent } from '../../../show/numbers';

/** A trigger as it is being written; what is off is null. */
export interface TriggerDraft {
  name: string;
  deployment: string | null;
  kind: 'cron' | 'every' | 'none';
  cron: string;
  timeZone: string;
  everyHours: number;
  newLabels: number | null;
  psi: number | null;
  driftMinutes: number;
  figure: string | null;
  limit: number;
  windowDays: number | null;
  coolDownHours: number;
  backtestHours: number | null;
  isApproved: boolean;
  maximumLoss: number;
  step: string;
  share: number;
}

export const emptyTrigger: TriggerDraft = {
  name: '', deployment: null, kind: 'cron', cron: '0 3 * * *', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, everyHours: 24,
  newLabels: null, psi: null, driftMinutes: 30, figure: null, limit: 0.9, windowDays: null, coolDownHours: 1,
  backtestHours: 24, isApproved: true, maximumLoss: 0, step: 'keep', share: 0.1,
};

export const steps = [
  { value: 'keep', label: 'keep it in the registry' },
  { value: 'shadow', label: 'let it answer silently beside production (shadow)' },
  { value: 'canary', label: 'let it answer a share of the records (canary)' },
  { value: 'promote', label: 'make it the production model' },
];

/** What becomes of a new model, in a sentence. */
export function releaseText(release: ReleaseRule | null | undefined): string {
  const step = steps.find(s => s.value === (release?.step ?? 'keep'))?.label ?? release?.step;
  const share = release?.step === 'canary' ? `, ${percent(release.share ?? 0.1, 0)}` : '';
  return [release?.backtest ? 'compare with production' : null, release?.approval === false ? null : 'wait for approval', `${step}${share}`].filter(Boolean).join(', then ');
}

/** Seconds of a duration as the node writes it: d.hh:mm:ss. */
export function seconds(duration: string | number | null | undefined): number {
  if (typeof duration === 'number')
    return duration;
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+)/.exec(duration ?? '');
  return match ? Number(match[1] ?? 0) * 86_400 + Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]) : 0;
}

export function draftOf({ request }: TriggerDetails): TriggerDraft {
  return {
    ...emptyTrigger,
    name: request.name,
    deployment: request.deployment ?? null,
    kind: request.schedule?.cron ? 'cron' : request.schedule?.every ? 'every' : 'none',
    cron: request.schedule?.cron ?? emptyTrigger.cron,
    timeZone: request.schedule?.timeZone ?? 'UTC',
    everyHours: request.schedule?.every ? seconds(request.schedule.every) / 3600 : 24,
    newLabels: request.newLabels ?? null,
    psi: request.drift?.psi ?? null,
    driftMinutes: seconds(request.drift?.for) / 60,
    figure: request.quality?.figure ?? null,
    limit: request.quality?.limit ?? 0.9,
    windowDays: request.window ? seconds(request.window) / 86_400 : null,
    coolDownHours: request.coolDown ? seconds(request.coolDown) / 3600 : 1,
    backtestHours: request.release?.backtest ? seconds(request.release.backtest) / 3600 : null,
    isApproved: request.release?.approval ?? true,
    maximumLoss: request.release?.maximumLoss ?? 0,
    step: request.release?.step ?? 'keep',
    share: request.release?.share ?? 0.1,
  };
}

/** What is asked of the node; `before` keeps what the form does not show. */
export function bodyOf(draft: TriggerDraft, before?: TriggerBody): TriggerBody {
  return {
    ...before,
    name: draft.name.trim(),
    deployment: draft.deployment,
    schedule: draft.kind === 'cron' ? { cron: draft.cron.trim(), timeZone: draft.timeZone.trim() || null } : draft.kind === 'every' ? { every: draft.everyHours * 3600 } : null,
    newLabels: draft.newLabels,
    drift: draft.psi === null ? null : { psi: draft.psi, for: draft.driftMinutes * 60 },
    quality: draft.figure === null ? null : { figure: draft.figure, limit: draft.limit },
    window: draft.windowDays === null ? null : draft.windowDays * 86_400,
    coolDown: draft.coolDownHours * 3600,
    release: {
      step: draft.step,
      approval: draft.isApproved,
      backtest: draft.backtestHours === null ? null : draft.backtestHours * 3600,
      maximumLoss: draft.maximumLoss,
      share: draft.share,
    },
  };
}
