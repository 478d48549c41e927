import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { addressOf } from '../../api/address';
import { problemFrom } from '../../api/problem';
import { Loaded } from '../../show/Loaded';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';

/** What a camera sees, twice a second. */
export function Preview({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['previewAsset', id],
    refetchInterval: 500,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const response = await fetch(addressOf('previewAsset', { id }), { signal, credentials: 'same-origin' });
      if (!response.ok)
        throw problemFrom(response.status, response.statusText, response.headers.get('Content-Type') ?? '', await response.text());
      return response.status === 204 ? null : { blob: await response.blob(), at: response.headers.get('Last-Modified') };
    },
  });
  return (
    <Panel title="Last frame" actions={query.data?.at ? <Text size="xs" c="dimmed"><TimeText at={query.data.at} relative /></Text> : null}>
      <Loaded query={query}>{frame => (frame ? <Frame blob={frame.blob} id={id} /> : <Text size="sm" c="dimmed">There is no frame yet. The driver shows one as soon as the camera has sent it.</Text>)}</Loaded>
    </Panel>
  );
}

function Frame({ blob, id }: { blob: Blob; id: string }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return <Group justify="center">{address && <img src={address} alt={`What ${id} sees`} className="mlops-frame" />}</Group>;
}
