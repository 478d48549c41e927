import { Page } from '../../show/Page';

export default function IngestPage() {
  return <Page title="Ingest">{null}</Page>;
}
