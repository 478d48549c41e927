import { addressOf, type Values } from './address';
import { operations, type OperationId, type Operations } from './contracts';
import { ProblemError, problemFrom } from './problem';

type Given<T, K extends string> = [T] extends [undefined] ? unknown : undefined extends T ? { [P in K]?: T } : { [P in K]: T };

/** What a call of an operation needs: `path`, `query` and `body`, where it has them. */
export type Request<K extends OperationId> = Given<Operations[K]['path'], 'path'> & Given<Operations[K]['body'], 'body'> & {
  query?: Operations[K]['query'];
  /** The version that is to be changed; 412 when somebody was faster. */
  tag?: string | number;
  signal?: AbortSignal;
};

export type Answer<K extends OperationId> = Operations[K]['answer'];

/** An answer with what its headers say. */
export interface Told<T> {
  body: T;
  /** How many there are in all, for a page of a list. */
  total: number | null;
  tag: string | null;
}

interface Anything {
  path?: Values;
  query?: Values;
  body?: unknown;
  tag?: string | number;
  signal?: AbortSignal;
}

// What holds a secret is kept nowhere; what only looks need not be.
const unkept: ReadonlySet<OperationId> = new Set<OperationId>(['signIn', 'createToken', 'previewTraining', 'checkWorkflow']);

let csrf: string | undefined;
let onUnknown: () => void = () => {};

/** Takes the value that every change of a session has to bring. */
export function takeCsrf(value: string | null | undefined): void {
  csrf = value ?? undefined;
}

/** Names what happens when the node no longer knows the caller. */
export function whenUnknown(listener: () => void): void {
  onUnknown = listener;
}

export function headersOf(id: OperationId, request: { tag?: string | number }): Record<string, string> {
  const { method } = operations[id];
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  if (method !== 'GET' && csrf)
    headers['X-Mlops-Csrf'] = csrf;
  // A connection that breaks may be tried again; the node does it once.
  if (method === 'POST' && !unkept.has(id))
    headers['Idempotency-Key'] = newKey();
  if (request.tag !== undefined)
    headers['If-Match'] = `"${request.tag}"`;
  return headers;
}

/** Calls an operation and returns what it answers. */
export async function call<K extends OperationId>(id: K, ...[request]: object extends Request<K> ? [Request<K>?] : [Request<K>]): Promise<Answer<K>> {
  return (await ask(id, request as Request<K>)).body;
}

/** Calls an operation and returns what it answers, with what the headers say. */
export async function ask<K extends OperationId>(id: K, request: Request<K>): Promise<Told<Answer<K>>> {
  const { path, query, body, tag, signal } = (request ?? {}) as Anything;
  const headers = headersOf(id, { tag });
  let content: BodyInit | undefined;
  if (body instanceof Blob) {
    headers['Content-Type'] = body.type || 'application/octet-stream';
    content = body;
  } else if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
    content = JSON.stringify(body);
  }
  const response = await fetch(addressOf(id, path, query), { method: operations[id].method, headers, body: content, signal, credentials: 'same-origin', cache: 'no-store' });
  return {
    body: (await read(response)) as Answer<K>,
    total: numberOf(response.headers.get('X-Total-Count')),
    tag: response.headers.get('ETag')?.replace(/^W\//, '').replaceAll('"', '') ?? null,
  };
}

async function read(response: Response): Promise<unknown> {
  const type = response.headers.get('Content-Type') ?? '';
  const text = response.status === 204 ? '' : await response.text();
  if (!response.ok)
    throw refused(problemFrom(response.status, response.statusText, type, text));
  if (text === '')
    return undefined;
  return type.includes('json') ? JSON.parse(text) : text;
}

/** Tells the rest of the pages when a call was refused because the session is over. */
export function refused(error: ProblemError): ProblemError {
  if (error.status === 401)
    onUnknown();
  return error;
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}

// crypto.randomUUID is there only over HTTPS and on localhost.
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
