import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { ask, call, type Answer, type Request, type Told } from './call';
import type { OperationId } from './contracts';

export interface QueryChoices {
  /** Milliseconds after which it is asked again. */
  every?: number | false;
  enabled?: boolean;
  /** Whether what was there stays visible while another request is answered. */
  keep?: boolean;
  staleTime?: number;
}

type Without<K extends OperationId> = Omit<Request<K>, 'signal' | 'tag'>;

/** Asks an operation and keeps the answer; all who ask the same share it. */
export function useAnswer<K extends OperationId>(id: K, request: Without<K>, choices: QueryChoices = {}): UseQueryResult<Answer<K>> {
  return useQuery({
    queryKey: [id, request],
    queryFn: async ({ signal }) => ((await ask(id, { ...request, signal } as unknown as Request<K>)).body ?? null) as Answer<K>,
    refetchInterval: choices.every ?? false,
    enabled: choices.enabled ?? true,
    placeholderData: choices.keep ? (keepPreviousData as never) : undefined,
    staleTime: choices.staleTime ?? 0,
  });
}

/** As `useAnswer`, with the total and the version that the headers tell. */
export function useTold<K extends OperationId>(id: K, request: Without<K>, choices: QueryChoices = {}): UseQueryResult<Told<Answer<K>>> {
  return useQuery({
    queryKey: [id, request, 'told'],
    queryFn: ({ signal }) => ask(id, { ...request, signal } as unknown as Request<K>),
    refetchInterval: choices.every ?? false,
    enabled: choices.enabled ?? true,
    placeholderData: choices.keep ? (keepPreviousData as never) : undefined,
    staleTime: choices.staleTime ?? 0,
  });
}

/** Calls an operation that changes something; afterwards the answers of the named operations are asked for again. */
export function useChange<K extends OperationId>(id: K, outdates: readonly OperationId[] = []): UseMutationResult<Answer<K>, unknown, Request<K>> {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (request: Request<K>) => (call as (id: K, request: Request<K>) => Promise<Answer<K>>)(id, request),
    onSuccess: () => refresh(...outdates),
  });
}

/** Returns a function after which the answers of the named operations are asked for again. */
export function useRefresh(): (...ids: OperationId[]) => Promise<void> {
  const client = useQueryClient();
  return async (...ids) => {
    await Promise.all(ids.map(id => client.invalidateQueries({ queryKey: [id] })));
  };
}
