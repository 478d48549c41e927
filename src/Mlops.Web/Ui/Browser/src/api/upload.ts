import { addressOf, type Values } from './address';
import { headersOf, refused } from './call';
import { operations, type OperationId } from './contracts';
import type { Answer } from './call';
import { problemFrom, ProblemError } from './problem';

export interface UploadRequest {
  path?: Values;
  query?: Values;
  file: Blob;
  type: string;
  /** Is told which share of the file is sent, 0 to 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Sends a file; unlike `call` it tells how far it is. */
export function upload<K extends OperationId>(id: K, { path, query, file, type, onProgress, signal }: UploadRequest): Promise<Answer<K>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(operations[id].method, addressOf(id, path, query));
    for (const [name, value] of Object.entries(headersOf(id, {})))
      request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', type);
    request.upload.onprogress = e => onProgress?.(e.lengthComputable && e.total > 0 ? e.loaded / e.total : 0);
    request.onload = () => {
      const contentType = request.getResponseHeader('Content-Type') ?? '';
      if (request.status >= 200 && request.status < 300)
        resolve((contentType.includes('json') ? JSON.parse(request.responseText) : undefined) as Answer<K>);
      else
        reject(refused(problemFrom(request.status, request.statusText, contentType, request.responseText)));
    };
    request.onerror = () => reject(problemFrom(0, '', '', ''));
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

export function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError' && !(error instanceof ProblemError);
}
