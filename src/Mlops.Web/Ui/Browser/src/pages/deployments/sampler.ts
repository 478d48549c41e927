const eachTime = 1;
const atOnce = 60;

/**
 * Takes a few out of many, evenly, so that what is shown stays long enough for its label to come: everything where little comes, a burst
 * as a whole, and one each time where it goes on and on.
 */
export class Sampler {
  private allowed = atOnce;

  /** Returns those to keep, in their order, the first one always among them. */
  take<T>(all: readonly T[]): readonly T[] {
    this.allowed = Math.min(atOnce, this.allowed + eachTime);
    const kept = Math.min(all.length, this.allowed);
    this.allowed -= kept;
    return kept === all.length ? all : Array.from({ length: kept }, (_, i) => all[Math.floor((i * all.length) / kept)]!);
  }
}
