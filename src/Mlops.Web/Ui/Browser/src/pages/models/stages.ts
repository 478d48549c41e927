import type { Tone } from '../../show/StateBadge';

const texts: Record<string, string> = { none: 'not staged', candidate: 'candidate', production: 'production', archived: 'archived' };
const tones: Record<string, Tone> = { candidate: 'busy', production: 'good' };

/** What a model can be meant for. */
export const stages = Object.keys(texts);

/** What a model is meant for, in words. */
export function stageText(stage: string): string {
  return texts[stage] ?? stage;
}

export function stageTone(stage: string): Tone {
  return tones[stage] ?? 'idle';
}

/** The metrics that stand in lists, the best known first. */
const known = ['accuracy', 'macro_f1', 'f1', 'rmse', 'mae', 'loss'];

/** The metric that says most in one figure; null when there is none. */
export function headline(metrics: Readonly<Record<string, number>>): readonly [string, number] | null {
  const name = known.find(k => k in metrics) ?? Object.keys(metrics).find(k => k !== 'goldenPassed');
  return name === undefined ? null : [name, metrics[name]!];
}
