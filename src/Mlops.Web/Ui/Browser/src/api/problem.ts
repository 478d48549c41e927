import type { Problem } from './contracts';

/** What a node has refused, or why it could not be asked. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
}

const unreachable: Problem = {
  title: 'The node does not answer',
  status: 0,
  detail: 'The connection to the node was lost, or the node is not running.',
  remedy: 'Check that the node runs and that this device reaches it; the page goes on by itself when it is back.',
};

/** Makes a problem of anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError)
    return error.problem;
  if (error instanceof TypeError)
    return { ...unreachable, detail: `${unreachable.detail} (${error.message})` };
  return {
    title: 'This page failed',
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
    remedy: 'Load the page again. If it happens again, report it with what you did.',
  };
}

/** Reads the problem out of an answer that is not a success. */
export function problemFrom(status: number, statusText: string, contentType: string, text: string): ProblemError {
  if (contentType.includes('json')) {
    try {
      const problem = JSON.parse(text) as Partial<Problem>;
      if (typeof problem.title === 'string')
        return new ProblemError({ ...problem, title: problem.title, status });
    } catch {
      // A proxy has cut it; what there is follows.
    }
  }
  return new ProblemError({
    title: statusText || `Status ${status}`,
    status,
    detail: status === 0 ? unreachable.detail : `The node, or something before it, answered with status ${status}.`,
    remedy: status === 0 ? unreachable.remedy : 'Look into the log of the node and of proxies before it.',
  });
}
