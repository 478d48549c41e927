import { expect, test } from 'vitest';
import { problemFrom, problemOf } from './problem';

test('a problem of the node is shown as it is', () => {
  const error = problemFrom(409, 'Conflict', 'application/problem+json', '{"title":"In conflict","status":409,"detail":"It runs.","remedy":"Stop it."}');
  expect(error.status).toBe(409);
  expect(problemOf(error)).toMatchObject({ title: 'In conflict', detail: 'It runs.', remedy: 'Stop it.' });
});

test('what a proxy answers becomes a problem too', () => {
  expect(problemFrom(502, 'Bad Gateway', 'text/html', '<html>').problem).toMatchObject({ title: 'Bad Gateway', status: 502 });
  expect(problemFrom(500, '', 'application/json', '{"cut').problem).toMatchObject({ title: 'Status 500' });
});

test('a lost connection says so', () => {
  expect(problemOf(new TypeError('Failed to fetch')).title).toBe('The node does not answer');
});
