// Made from the API document of the node by contracts.mjs. Do not edit.

export interface AnswerFiguresDetails {
  count: number;
  accuracy?: number | null;
  macroF1?: number | null;
  meanAbsoluteError?: number | null;
  rootMeanSquareError?: number | null;
  classes?: ClassDetails[] | null;
  confusion?: ConfusionDetails[] | null;
}

export interface AssemblyBody {
  mode?: string;
  maxAge?: string | number | null;
  period?: string | number | null;
  shape?: string;
}

export interface AssemblyEntry {
  feed: string;
  mode: string;
  maxAge: string | number;
  period: string | number;
  shape: string;
}

export interface AssetBody {
  kind: string;
  settings: Record<string, unknown>;
  enabled?: boolean | null;
  mirror?: boolean | null;
}

export interface AssetCall {
  method: string;
  arguments?: unknown[] | null;
}

export interface AssetCallAnswer {
  results: unknown[];
}

export interface AssetDetails {
  id: string;
  kind: string;
  settings: Record<string, unknown>;
  enabled: boolean;
  mirror: boolean;
  version: number;
  changed: string;
  state?: string | null;
  reason?: string | null;
  since?: string | null;
  feeds?: string[] | null;
  records: number;
  lastRecord?: string | null;
  restarts: number;
  canBrowse: boolean;
  canWrite: boolean;
  canPreview: boolean;
  canCall: boolean;
}

export interface AssetStateChange {
  time: string;
  state: string;
  reason?: string | null;
}

export interface AssetValues {
  values: Record<string, unknown>;
}

export interface AssetWrite {
  id: string;
  error?: string | null;
}

export interface AuditEntry {
  number: number;
  at: string;
  who: string;
  how: string;
  action: string;
  subject: string;
  status: number;
  address?: string | null;
}

export interface BacktestModelResult {
  model: string;
  figures: AnswerFiguresDetails;
  answered: number;
  failed: number;
  computeMs: number;
  importance?: InputImportance[] | null;
}

export interface BacktestStart {
  model: string;
  against?: string | null;
  deployment?: string | null;
  feed?: string | null;
  inputs?: Record<string, FieldReference> | null;
  fill?: string | null;
  from?: string | null;
  to?: string | null;
  filter?: string | null;
  limit?: number | null;
  labels?: string | null;
  heldOut?: boolean;
  importance?: boolean;
  tolerance?: Record<string, unknown> | null;
}

export interface BacktestStatus {
  id: string;
  state: string;
  request: BacktestStart;
  progress: number;
  records: number;
  labelled: number;
  results: BacktestModelResult[];
  created: string;
  withoutLabels?: string | null;
  agreement?: AnswerFiguresDetails | null;
  reason?: string | null;
  ended?: string | null;
}

export interface BackupContent {
  name: string;
  created: string;
  files: number;
  bytes: number;
}

export interface BackupDetails {
  name: string;
  created: string;
  bytes: number;
}

export interface BackupRestored {
  folder: string;
  created: string;
  files: number;
  bytes: number;
}

export interface BackupStart {
  name?: string | null;
}

export interface BalanceRule {
  perClass?: number | null;
  seed?: number;
}

export interface BlobDetails {
  reference: string;
  hash: string;
  size: number;
  mediaType: string;
}

export interface BrokerAddress {
  host: string;
  port: number;
}

export interface BrowseEntry {
  id: string;
  name: string;
  hasChildren: boolean;
  type?: string | null;
  unit?: string | null;
  writable: boolean;
  description?: string | null;
}

export interface BrowseRequest {
  parent?: string | null;
}

export interface CandidateDetails {
  model: string;
  kind: string;
  share: number;
  predictionFeed: string;
  since: string;
  answered: number;
  reason?: string | null;
  agreement?: AnswerFiguresDetails | null;
}

export interface CandidateStart {
  model: string;
  share?: number | null;
}

export interface ChartAnswer {
  feed: string;
  start: string;
  widthNanoseconds: number;
  count: number;
  series: ChartSeriesDetails[];
}

export interface ChartSeriesDetails {
  field: string;
  counts: number[];
  min: (number | null)[];
  max: (number | null)[];
  mean: (number | null)[];
  first: (number | null)[];
  last: (number | null)[];
}

export interface ClassCount {
  name: string;
  count: number;
}

export interface ClassDetails {
  name: string;
  expected: number;
  answered: number;
  f1: number;
  precision?: number | null;
  recall?: number | null;
}

export interface ConditionDetails {
  kind: string;
  met: boolean;
  text: string;
  since?: string | null;
}

export interface ConfigurationImport {
  changed: Record<string, number>;
}

export interface ConfusionDetails {
  expected: string;
  answered: string;
  count: number;
}

export interface ConnectionTestAnswer {
  reached: boolean;
  seconds: number;
  records: number;
  feeds: Record<string, FieldDetails[]>;
  reason?: string | null;
}

export interface ContainmentStatus {
  name: string;
  active: boolean;
  by: string;
}

export interface CountAnswer {
  count: number;
}

export interface DamagedPart {
  feed: string;
  first: number;
  last: number;
  count: number;
  reason: string;
  found: string;
  path?: string | null;
}

export interface DataDetails {
  feed: string;
  records: number;
  firstPosition: number;
  lastPosition: number;
  hash: string;
  heldOut: number;
  filter?: string | null;
  labels?: string | null;
}

export interface DatabusApp {
  name: string;
  connections: Record<string, string>;
  feeds: string[];
  applicationName?: string | null;
  status?: string | null;
  statusSince?: string | null;
}

export interface DatabusFeed {
  feed: string;
  app: string;
  connection: string;
  collection: string;
  missing: number;
  writable: string[];
  staleReason?: string | null;
  staleSince?: string | null;
  lastValue?: string | null;
}

export interface DatabusUpdate {
  path?: string | null;
}

export interface DatabusWrite {
  values: Record<string, unknown>;
  answerWithin?: string | number | null;
}

export interface DatabusWritten {
  topic: string;
  requestId?: string | null;
  answer?: string | null;
}

export interface DeadLetterCounter {
  cause: string;
  source: string;
  count: number;
  last: string;
  lastReason: string;
}

export interface DeadLetterEntry {
  id: string;
  time: string;
  topic: string;
  reason: string;
  bytes: number;
  whole: boolean;
  text?: string | null;
  base64?: string | null;
}

export interface DeploymentChange {
  model: string;
}

export interface DeploymentStart {
  workflow: string;
  model: string;
  feed?: string | null;
  inputs?: Record<string, FieldReference> | null;
  delivery?: string | null;
  maxAge?: string | number | null;
  fill?: string | null;
  from?: string | null;
  output?: OutputNames | null;
  tolerance?: Record<string, unknown> | null;
}

export interface DeploymentStatus {
  id: string;
  workflow: string;
  model: string;
  state: string;
  delivery: string;
  maxAge: string | number;
  predictionFeed: string;
  position: number;
  answered: number;
  created: string;
  quality: QualityDetails[];
  mode?: string | null;
  topic?: string | null;
  feed?: string | null;
  inputs?: Record<string, FieldReference> | null;
  output?: OutputNames | null;
  reason?: string | null;
  previousModel?: string | null;
  candidate?: CandidateDetails | null;
  drift?: DriftDetails | null;
  measurements?: RunFigures | null;
  author?: string | null;
  tolerance?: Record<string, unknown> | null;
  modeReason?: string | null;
  interruption?: string | null;
  memory?: ModelMemory | null;
}

export interface DiscoveryEntry {
  name: string;
  settings: Record<string, unknown>;
  description?: string | null;
}

export interface DiscoveryRequest {
  address?: string | null;
}

export interface DriftDetails {
  records: number;
  drifted: boolean;
  figures: DriftFigureDetails[];
}

export interface DriftFigureDetails {
  name: string;
  isAnswer: boolean;
  psi: number;
  ks?: number | null;
}

export interface DriftLimit {
  psi?: number | null;
  ks?: number | null;
  for?: string | number | null;
}

export interface DriverDetails {
  kind: string;
  settings: Record<string, unknown>;
}

export interface EnabledBody {
  enabled: boolean;
}

export interface FeatureDetails {
  name: string;
  counts: number[];
  edges?: number[] | null;
  classes?: string[] | null;
}

export interface FeedBody {
  fields: FieldDetails[];
}

export interface FeedSize {
  feed: string;
  records: number;
  files: number;
  bytes: number;
  logBytes: number;
  recordsPerDay: number;
  bytesPerDay: number;
  first?: string | null;
  last?: string | null;
}

export interface FeedSummary {
  id: string;
  fields: FieldDetails[];
  records: number;
  first?: string | null;
  last?: string | null;
  version: number;
  position: number;
  app?: string | null;
  connection?: string | null;
  collection?: string | null;
}

export interface FieldDetails {
  name: string;
  type: string;
  unit?: string | null;
  blob?: boolean | null;
}

export interface FieldReference {
  feed: string;
  field: string;
}

export interface HeldPart {
  feed: string;
  afterPosition: number;
  reader: string;
}

export interface HoldOutRule {
  kind: string;
  heldOut?: number;
  seed?: number;
  field?: string | null;
}

export interface IdList {
  ids: string[];
}

export interface ImportAnswer {
  feed: string;
  records: number;
  rejected: number;
  problems: LineProblemDetails[];
}

export interface InferenceAnswer {
  model_name: string;
  model_version: string;
  outputs: Tensor[];
  id?: string | null;
}

export interface InferenceModel {
  name: string;
  versions: string[];
  platform: string;
  inputs: TensorShape[];
  outputs: TensorShape[];
}

export interface InferenceRequest {
  inputs: Tensor[];
  id?: string | null;
  outputs?: TensorChoice[] | null;
}

export interface InferenceServer {
  name: string;
  version: string;
  extensions: string[];
}

export interface IngestFigures {
  messages: number;
  records: number;
  bytes: number;
  deadLetters: number;
  deadLettersDropped: number;
  deadLettersCut: number;
  deadLetterCauses: Record<string, number>;
  duplicates: number;
  gaps: number;
  retainedRepeats: number;
  misfits: number;
  lost: number;
  cyclesLeftOut: number;
  pending: number;
  staleFeeds: number;
  buffered: number;
  trouble?: string | null;
  troubleSince?: string | null;
}

export interface InputImportance {
  name: string;
  loss: number;
}

export interface LabelBody {
  set: string;
  value: unknown;
  source?: RecordSource | null;
  key?: Record<string, unknown> | null;
  from?: string | null;
  to?: string | null;
  author?: string | null;
}

export interface LabelEntry {
  id: number;
  set: string;
  value: string;
  created: string;
  origin: string;
  source?: RecordSource | null;
  key?: Record<string, unknown> | null;
  from?: string | null;
  to?: string | null;
  author?: string | null;
  deleted?: string | null;
  deletedBy?: string | null;
}

export interface LabelsAdded {
  added: number;
  rejected: number;
  problems?: LineProblemDetails[] | null;
}

export interface LabelsBody {
  labels: LabelBody[];
}

export interface LifecycleEntry {
  subject: string;
  action: string;
  at: string;
  model?: string | null;
  author?: string | null;
  text?: string | null;
}

export interface LineProblemDetails {
  line: number;
  reason: string;
}

export interface Mapping {
  topic: string;
  feed: string;
  id?: string | null;
  records?: string | null;
  timestampField?: string | null;
  timestampFormat?: string | null;
  fields?: MappingField[] | null;
  topicFields?: Record<string, number> | null;
}

export interface MappingField {
  field: string;
  path: string;
  type?: string | null;
  unit?: string | null;
}

export interface MappingLearned {
  messages: number;
  records: number;
  topics: string[];
  notes: string[];
  mapping?: Mapping | null;
}

export interface MappingLearning {
  topic: string;
  seconds?: number;
  messages?: number;
}

export interface MetricValue {
  name: string;
  step: number;
  value: number;
}

export interface ModelDetails {
  id: string;
  workflow: string;
  version: string;
  stage: string;
  training: string;
  digest: string;
  packageDigest: string;
  inputs: FieldDetails[];
  data: DataDetails;
  parameters: Record<string, unknown>;
  metrics: Record<string, number>;
  environment: Record<string, string>;
  created: string;
  classes?: string[] | null;
  measurements?: RunFigures | null;
  author?: string | null;
  origin?: ModelOriginDetails | null;
  request?: TrainingStart | null;
}

export interface ModelMemory {
  bytes: number;
  method: string;
}

export interface ModelOriginDetails {
  node: string;
  key: string;
  imported: string;
  author?: string | null;
}

export interface NodeStatus {
  name: string;
  layer: string;
  version: string;
  uptime: number;
  started: string;
  healthy: boolean;
  rooms: RoomHealth[];
  containment: ContainmentStatus[];
  mqtt?: BrokerAddress | null;
  memoryMiB: number;
  cpuPercent: number;
  powerWatts?: number | null;
  powerMethod?: string | null;
}

export interface NumberList {
  ids: number[];
}

export interface OutputLine {
  time: string;
  text: string;
  isError: boolean;
}

export interface OutputNames {
  connection: string;
  collection: string;
}

export interface PackageFinding {
  file: string;
  rule: string;
  problem: string;
  remedy: string;
  line?: number | null;
}

export interface PasswordChange {
  current: string;
  new: string;
}

export interface PredictionAnswer {
  source: RecordSource;
  values: Record<string, unknown>;
  model: string;
  computeMs: number;
  ingestMs?: number | null;
  publishedAt?: string | null;
}

export interface PreviewRow {
  timestamp: string;
  values: Record<string, unknown>;
  label: unknown;
}

export interface Problem {
  title: string;
  status: number;
  detail?: string | null;
  remedy?: string | null;
  errors?: string[] | null;
  traceId?: string | null;
  type?: string | null;
}

export interface ProfileDetails {
  inputs: FeatureDetails[];
  label?: FeatureDetails | null;
}

export interface QualityDetails {
  model: string;
  shadow: boolean;
  total: AnswerFiguresDetails;
  window: AnswerFiguresDetails;
}

export interface QualityLimit {
  limit: number;
  figure?: string;
  minimumLabelled?: number;
  for?: string | number | null;
}

export interface RecordSource {
  feed?: string | null;
  seq?: number | null;
  ts?: string | null;
  row?: number | null;
}

export interface RecordsBody {
  records: (Record<string, unknown>)[];
}

export interface RejectBody {
  reason?: string | null;
}

export interface ReleaseRule {
  step?: string;
  approval?: boolean;
  backtest?: string | number | null;
  maximumLoss?: number;
  share?: number;
}

export interface ReplayAnswer {
  replayed: number;
  left: Record<string, string>;
}

export interface RetentionAnswer {
  records: number;
  bytes: number;
  held: HeldPart[];
}

export interface RetrainingDetails {
  id: string;
  trigger: string;
  state: string;
  ended: boolean;
  reasons: string[];
  fired: string;
  attempts: number;
  endedAt?: string | null;
  author?: string | null;
  training?: string | null;
  model?: string | null;
  backtest?: string | null;
  passed?: boolean | null;
  verdict?: string | null;
  decidedBy?: string | null;
  reason?: string | null;
}

export interface RoomHealth {
  name: string;
  state: string;
  reason?: string | null;
  figures?: Record<string, unknown> | null;
}

export interface RunFigures {
  seconds: number;
  peakMemoryMiB: number;
  peakCpuPercent: number;
  energyWh: number;
  energyMethod: string;
  phases: Record<string, number>;
}

export interface SessionDetails {
  user?: string | null;
  role?: string | null;
  signInRequired: boolean;
  csrf?: string | null;
  expires?: string | null;
}

export interface SignIn {
  user: string;
  password: string;
}

export interface SqlAnswer {
  columns: SqlAnswerColumn[];
  rows: unknown[][];
  truncated: boolean;
}

export interface SqlAnswerColumn {
  name: string;
  type: string;
}

export interface SqlRequest {
  sql: string;
  limit?: number | null;
  timeoutSeconds?: number | null;
}

export interface StageBody {
  stage: string;
}

export interface StoreDetails {
  feeds: FeedSize[];
  damaged: DamagedPart[];
  databaseBytes: number;
  freeBytes: number;
  trouble?: string | null;
  troubleSince?: string | null;
}

export interface StoredRecord {
  source: RecordSource;
  quality: number;
  values: Record<string, unknown>;
}

export interface Tensor {
  name: string;
  shape: number[];
  datatype: string;
  data: unknown[];
}

export interface TensorChoice {
  name: string;
}

export interface TensorShape {
  name: string;
  datatype: string;
  shape: number[];
}

export interface TokenCreated {
  token: string;
  details: TokenDetails;
}

export interface TokenDetails {
  id: string;
  name: string;
  role: string;
  created: string;
  expires?: string | null;
  createdBy?: string | null;
  lastUsed?: string | null;
}

export interface TokenStart {
  name: string;
  role: string;
  expiresInDays?: number | null;
}

export interface TopicDetails {
  topic: string;
  messages: number;
  last: string;
  bytes: number;
  whole: boolean;
  retained: boolean;
  text?: string | null;
  base64?: string | null;
}

export interface TrainingPreview {
  feed: string;
  records: number;
  heldOut: number;
  truncated: boolean;
  first: string;
  last: string;
  inputs: FieldDetails[];
  rows: PreviewRow[];
  label?: string | null;
  classes?: ClassCount[] | null;
}

export interface TrainingStart {
  workflow: string;
  version?: string | null;
  feed?: string | null;
  inputs?: Record<string, FieldReference> | null;
  from?: string | null;
  to?: string | null;
  filter?: string | null;
  limit?: number | null;
  labels?: string | null;
  params?: Record<string, unknown> | null;
  minimumQuality?: number;
  tolerance?: Record<string, unknown> | null;
  labelSources?: string[] | null;
  labelAuthors?: string[] | null;
  balance?: BalanceRule | null;
  holdOut?: HoldOutRule | null;
}

export interface TrainingStatus {
  id: string;
  workflow: string;
  version: string;
  state: string;
  progress: number;
  metrics: Record<string, number>;
  created: string;
  request: TrainingStart;
  progressText?: string | null;
  measurements?: RunFigures | null;
  model?: string | null;
  reason?: string | null;
  started?: string | null;
  ended?: string | null;
  author?: string | null;
}

export interface TriggerBody {
  name: string;
  deployment?: string | null;
  training?: TrainingStart | null;
  window?: string | number | null;
  schedule?: TriggerTimes | null;
  newLabels?: number | null;
  drift?: DriftLimit | null;
  quality?: QualityLimit | null;
  coolDown?: string | number | null;
  release?: ReleaseRule | null;
}

export interface TriggerDetails {
  id: string;
  request: TriggerBody;
  enabled: boolean;
  created: string;
  conditions: ConditionDetails[];
  due?: string | null;
  fired?: string | null;
  coolsUntil?: string | null;
  problem?: string | null;
  last?: RetrainingDetails | null;
}

export interface TriggerTimes {
  cron?: string | null;
  timeZone?: string | null;
  every?: string | number | null;
}

export interface UserChange {
  role?: string | null;
  password?: string | null;
  enabled?: boolean | null;
}

export interface UserDetails {
  name: string;
  role: string;
  enabled: boolean;
  created: string;
  lockedUntil?: string | null;
}

export interface VerificationAnswer {
  files: number;
  logRows: number;
  bytes: number;
  damaged: DamagedPart[];
}

export interface WorkflowAnswer {
  classes?: string[] | null;
  fields?: WorkflowInputDetails[] | null;
}

export interface WorkflowCheck {
  valid: boolean;
  name?: string | null;
  version?: string | null;
  findings?: string[] | null;
  problems?: PackageFinding[] | null;
}

export interface WorkflowDetails {
  name: string;
  version: string;
  description: string;
  runtime: string;
  digest: string;
  trusted: boolean;
  output: WorkflowAnswer;
  parameters: Record<string, unknown>;
  inputs?: WorkflowInputDetails[] | null;
  label?: string | null;
  requirements?: string[] | null;
  versions?: string[] | null;
  readme?: string | null;
}

export interface WorkflowInputDetails {
  name: string;
  type: string;
  unit?: string | null;
}

/** What each operation takes and answers. */
export interface Operations {
  addMapping: { path: undefined; query: undefined; body: Mapping; answer: Mapping };
  addTrigger: { path: undefined; query: undefined; body: TriggerBody; answer: TriggerDetails };
  applyRetention: { path: undefined; query: { pastReaders?: boolean }; body: undefined; answer: RetentionAnswer };
  approveRetraining: { path: { id: string }; query: undefined; body: undefined; answer: RetrainingDetails };
  browseAsset: { path: { id: string }; query: undefined; body: BrowseRequest | undefined; answer: BrowseEntry[] };
  callAsset: { path: { id: string }; query: undefined; body: AssetCall; answer: AssetCallAnswer };
  cancelBacktest: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  cancelRetraining: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  cancelTraining: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  changeDeployment: { path: { id: string }; query: undefined; body: DeploymentChange; answer: DeploymentStatus };
  changeMapping: { path: { id: string }; query: undefined; body: Mapping; answer: Mapping };
  changePassword: { path: undefined; query: undefined; body: PasswordChange; answer: SessionDetails };
  changeTrigger: { path: { id: string }; query: undefined; body: TriggerBody; answer: TriggerDetails };
  checkWorkflow: { path: undefined; query: undefined; body: Blob; answer: WorkflowCheck };
  countDeadLetters: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: DeadLetterCounter[] };
  createToken: { path: undefined; query: undefined; body: TokenStart; answer: TokenCreated };
  deleteAssembly: { path: { feed: string }; query: undefined; body: undefined; answer: undefined };
  deleteAsset: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  deleteBackup: { path: { name: string }; query: undefined; body: undefined; answer: undefined };
  deleteDeadLetters: { path: undefined; query: undefined; body: IdList; answer: CountAnswer };
  deleteDeployment: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  deleteLabels: { path: { feed: string }; query: undefined; body: NumberList; answer: CountAnswer };
  deleteMapping: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  deleteModel: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  deleteToken: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  deleteTrigger: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  deleteUser: { path: { name: string }; query: undefined; body: undefined; answer: undefined };
  deleteWorkflow: { path: { name: string; version: string }; query: undefined; body: undefined; answer: undefined };
  discoverAssets: { path: { kind: string }; query: undefined; body: DiscoveryRequest | undefined; answer: DiscoveryEntry[] };
  downloadWorkflow: { path: { name: string; version: string }; query: undefined; body: undefined; answer: string };
  enableAsset: { path: { id: string }; query: undefined; body: EnabledBody; answer: AssetDetails };
  enableTrigger: { path: { id: string }; query: undefined; body: EnabledBody; answer: TriggerDetails };
  endCandidate: { path: { id: string }; query: undefined; body: undefined; answer: undefined };
  exportConfiguration: { path: undefined; query: { format?: string }; body: undefined; answer: unknown };
  exportModel: { path: { id: string }; query: undefined; body: undefined; answer: string };
  forgetDamaged: { path: { feed: string }; query: undefined; body: undefined; answer: DamagedPart[] };
  getApiDocument: { path: undefined; query: undefined; body: undefined; answer: unknown };
  getAssembly: { path: { feed: string }; query: undefined; body: undefined; answer: AssemblyEntry };
  getAsset: { path: { id: string }; query: undefined; body: undefined; answer: AssetDetails };
  getAssetHistory: { path: { id: string }; query: { limit?: number; offset?: number }; body: undefined; answer: AssetStateChange[] };
  getBacktest: { path: { id: string }; query: undefined; body: undefined; answer: BacktestStatus };
  getBackup: { path: { name: string }; query: undefined; body: undefined; answer: string };
  getBlob: { path: undefined; query: { reference?: string }; body: undefined; answer: string };
  getChart: { path: { feed: string }; query: { from?: string; to?: string; points?: number; fields?: string }; body: undefined; answer: ChartAnswer };
  getDeadLetter: { path: { id: string }; query: undefined; body: undefined; answer: DeadLetterEntry };
  getDeployment: { path: { id: string }; query: undefined; body: undefined; answer: DeploymentStatus };
  getFeed: { path: { feed: string }; query: undefined; body: undefined; answer: FeedSummary };
  getHealth: { path: undefined; query: undefined; body: undefined; answer: string };
  getInferenceLive: { path: undefined; query: undefined; body: undefined; answer: string };
  getInferenceModel: { path: { id: string }; query: undefined; body: undefined; answer: InferenceModel };
  getInferenceModelReady: { path: { id: string }; query: undefined; body: undefined; answer: string };
  getInferenceReady: { path: undefined; query: undefined; body: undefined; answer: string };
  getInferenceServer: { path: undefined; query: undefined; body: undefined; answer: InferenceServer };
  getIngest: { path: undefined; query: undefined; body: undefined; answer: IngestFigures };
  getLastRecords: { path: { feed: string }; query: { limit?: number; filter?: string; before?: number; from?: string; to?: string }; body: undefined; answer: StoredRecord[] };
  getMetrics: { path: undefined; query: undefined; body: undefined; answer: string };
  getModel: { path: { id: string }; query: undefined; body: undefined; answer: ModelDetails };
  getModelProfile: { path: { id: string }; query: undefined; body: undefined; answer: ProfileDetails };
  getReadiness: { path: undefined; query: undefined; body: undefined; answer: string };
  getRecords: { path: { feed: string }; query: { from?: string; to?: string; filter?: string; quality?: number; after?: number; limit?: number; order?: string; format?: string }; body: undefined; answer: unknown };
  getRetraining: { path: { id: string }; query: undefined; body: undefined; answer: RetrainingDetails };
  getSession: { path: undefined; query: undefined; body: undefined; answer: SessionDetails };
  getStatus: { path: undefined; query: undefined; body: undefined; answer: NodeStatus };
  getStore: { path: undefined; query: undefined; body: undefined; answer: StoreDetails };
  getTraining: { path: { id: string }; query: undefined; body: undefined; answer: TrainingStatus };
  getTrainingLog: { path: { id: string }; query: { limit?: number; offset?: number }; body: undefined; answer: OutputLine[] };
  getTrainingMetrics: { path: { id: string }; query: { name?: string; limit?: number; offset?: number }; body: undefined; answer: MetricValue[] };
  getTrigger: { path: { id: string }; query: undefined; body: undefined; answer: TriggerDetails };
  getWorkflow: { path: { name: string }; query: { version?: string }; body: undefined; answer: WorkflowDetails };
  importConfiguration: { path: undefined; query: { mode?: string }; body: Blob; answer: ConfigurationImport };
  importModel: { path: undefined; query: undefined; body: Blob; answer: ModelDetails };
  infer: { path: { id: string }; query: undefined; body: InferenceRequest; answer: InferenceAnswer };
  learnMapping: { path: undefined; query: undefined; body: MappingLearning; answer: MappingLearned };
  listAssemblies: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: AssemblyEntry[] };
  listAssets: { path: undefined; query: { kind?: string; state?: string; limit?: number; offset?: number }; body: undefined; answer: AssetDetails[] };
  listAudit: { path: undefined; query: { limit?: number; before?: number; who?: string; action?: string }; body: undefined; answer: AuditEntry[] };
  listBacktests: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: BacktestStatus[] };
  listBackups: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: BackupDetails[] };
  listDatabusApps: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: DatabusApp[] };
  listDatabusFeeds: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: DatabusFeed[] };
  listDeadLetters: { path: undefined; query: { topic?: string; limit?: number; offset?: number }; body: undefined; answer: DeadLetterEntry[] };
  listDeployments: { path: undefined; query: { workflow?: string; state?: string; limit?: number; offset?: number }; body: undefined; answer: DeploymentStatus[] };
  listDrivers: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: DriverDetails[] };
  listFeeds: { path: undefined; query: { search?: string; limit?: number; offset?: number }; body: undefined; answer: FeedSummary[] };
  listLabels: { path: { feed: string }; query: { set?: string; history?: boolean; limit?: number; offset?: number }; body: undefined; answer: LabelEntry[] };
  listLifecycle: { path: undefined; query: { subject?: string; limit?: number; offset?: number }; body: undefined; answer: LifecycleEntry[] };
  listMappings: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: Mapping[] };
  listModels: { path: undefined; query: { workflow?: string; stage?: string; limit?: number; offset?: number }; body: undefined; answer: ModelDetails[] };
  listPredictions: { path: { id: string }; query: { limit?: number }; body: undefined; answer: PredictionAnswer[] };
  listRetrainings: { path: undefined; query: { trigger?: string; limit?: number; offset?: number }; body: undefined; answer: RetrainingDetails[] };
  listTokens: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: TokenDetails[] };
  listTopics: { path: undefined; query: { filter?: string; limit?: number; offset?: number }; body: undefined; answer: TopicDetails[] };
  listTrainings: { path: undefined; query: { workflow?: string; state?: string; limit?: number; offset?: number }; body: undefined; answer: TrainingStatus[] };
  listTriggers: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: TriggerDetails[] };
  listUsers: { path: undefined; query: { limit?: number; offset?: number }; body: undefined; answer: UserDetails[] };
  listWorkflows: { path: undefined; query: { name?: string; limit?: number; offset?: number }; body: undefined; answer: WorkflowDetails[] };
  listenToEvents: { path: undefined; query: { feeds?: string; deployments?: string; topics?: string }; body: undefined; answer: string };
  postBlob: { path: undefined; query: { type?: string }; body: Blob; answer: BlobDetails };
  postLabels: { path: { feed: string }; query: { set?: string }; body: LabelsBody | Blob; answer: LabelsAdded };
  postRecords: { path: { feed: string }; query: undefined; body: RecordsBody | Blob; answer: ImportAnswer };
  previewAsset: { path: { id: string }; query: undefined; body: undefined; answer: string };
  previewTraining: { path: undefined; query: undefined; body: TrainingStart; answer: TrainingPreview };
  promoteCandidate: { path: { id: string }; query: undefined; body: undefined; answer: DeploymentStatus };
  putAssembly: { path: { feed: string }; query: undefined; body: AssemblyBody; answer: AssemblyEntry };
  putAsset: { path: { id: string }; query: undefined; body: AssetBody; answer: AssetDetails };
  putBackup: { path: { name: string }; query: undefined; body: Blob; answer: BackupDetails };
  putFeed: { path: { feed: string }; query: undefined; body: FeedBody; answer: FeedSummary };
  putUser: { path: { name: string }; query: undefined; body: UserChange; answer: UserDetails };
  querySql: { path: undefined; query: { format?: string }; body: SqlRequest; answer: SqlAnswer };
  rejectRetraining: { path: { id: string }; query: undefined; body: RejectBody | undefined; answer: RetrainingDetails };
  replayDeadLetters: { path: undefined; query: undefined; body: IdList; answer: ReplayAnswer };
  restoreBackup: { path: { name: string }; query: undefined; body: undefined; answer: BackupRestored };
  rollBackDeployment: { path: { id: string }; query: undefined; body: undefined; answer: DeploymentStatus };
  runTrigger: { path: { id: string }; query: undefined; body: undefined; answer: RetrainingDetails };
  setModelStage: { path: { id: string }; query: undefined; body: StageBody; answer: ModelDetails };
  signIn: { path: undefined; query: undefined; body: SignIn; answer: SessionDetails };
  signOut: { path: undefined; query: undefined; body: undefined; answer: undefined };
  startBacktest: { path: undefined; query: undefined; body: BacktestStart; answer: BacktestStatus };
  startBackup: { path: undefined; query: undefined; body: BackupStart | undefined; answer: BackupDetails };
  startCanary: { path: { id: string }; query: undefined; body: CandidateStart; answer: DeploymentStatus };
  startDeployment: { path: undefined; query: undefined; body: DeploymentStart; answer: DeploymentStatus };
  startShadow: { path: { id: string }; query: undefined; body: CandidateStart; answer: DeploymentStatus };
  startTraining: { path: undefined; query: undefined; body: TrainingStart; answer: TrainingStatus };
  testAsset: { path: { id: string }; query: undefined; body: AssetBody; answer: ConnectionTestAnswer };
  updateDatabus: { path: undefined; query: undefined; body: DatabusUpdate | undefined; answer: undefined };
  uploadWorkflow: { path: undefined; query: undefined; body: Blob; answer: WorkflowDetails };
  verifyBackup: { path: { name: string }; query: undefined; body: undefined; answer: BackupContent };
  verifyStore: { path: undefined; query: undefined; body: undefined; answer: VerificationAnswer };
  writeAsset: { path: { id: string }; query: undefined; body: AssetValues; answer: AssetWrite[] };
  writeDatabus: { path: { feed: string }; query: undefined; body: DatabusWrite; answer: DatabusWritten };
}

export type OperationId = keyof Operations;

export type Role = 'viewer' | 'operator' | 'dataScientist' | 'admin';

/** Where each operation is, and who may do it; nobody named means anybody. */
export const operations: Record<OperationId, { method: string; path: string; roles: readonly Role[] }> = {
  addMapping: { method: 'POST', path: '/api/v1/mappings', roles: ['operator', 'admin'] },
  addTrigger: { method: 'POST', path: '/api/v1/triggers', roles: ['dataScientist', 'admin'] },
  applyRetention: { method: 'POST', path: '/api/v1/store/retention', roles: ['admin'] },
  approveRetraining: { method: 'POST', path: '/api/v1/retrainings/{id}/approve', roles: ['operator', 'dataScientist', 'admin'] },
  browseAsset: { method: 'POST', path: '/api/v1/assets/{id}/browse', roles: ['operator', 'dataScientist', 'admin'] },
  callAsset: { method: 'POST', path: '/api/v1/assets/{id}/call', roles: ['operator', 'admin'] },
  cancelBacktest: { method: 'DELETE', path: '/api/v1/backtests/{id}', roles: ['dataScientist', 'admin'] },
  cancelRetraining: { method: 'DELETE', path: '/api/v1/retrainings/{id}', roles: ['dataScientist', 'admin'] },
  cancelTraining: { method: 'DELETE', path: '/api/v1/trainings/{id}', roles: ['dataScientist', 'admin'] },
  changeDeployment: { method: 'PATCH', path: '/api/v1/deployments/{id}', roles: ['operator', 'dataScientist', 'admin'] },
  changeMapping: { method: 'PUT', path: '/api/v1/mappings/{id}', roles: ['operator', 'admin'] },
  changePassword: { method: 'PUT', path: '/api/v1/session/password', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  changeTrigger: { method: 'PUT', path: '/api/v1/triggers/{id}', roles: ['dataScientist', 'admin'] },
  checkWorkflow: { method: 'POST', path: '/api/v1/workflows/check', roles: ['dataScientist', 'admin'] },
  countDeadLetters: { method: 'GET', path: '/api/v1/dead-letters/counts', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  createToken: { method: 'POST', path: '/api/v1/tokens', roles: ['admin'] },
  deleteAssembly: { method: 'DELETE', path: '/api/v1/assemblies/{feed}', roles: ['operator', 'admin'] },
  deleteAsset: { method: 'DELETE', path: '/api/v1/assets/{id}', roles: ['operator', 'admin'] },
  deleteBackup: { method: 'DELETE', path: '/api/v1/backups/{name}', roles: ['admin'] },
  deleteDeadLetters: { method: 'POST', path: '/api/v1/dead-letters/delete', roles: ['operator', 'admin'] },
  deleteDeployment: { method: 'DELETE', path: '/api/v1/deployments/{id}', roles: ['operator', 'dataScientist', 'admin'] },
  deleteLabels: { method: 'POST', path: '/api/v1/feeds/{feed}/labels/delete', roles: ['operator', 'dataScientist', 'admin'] },
  deleteMapping: { method: 'DELETE', path: '/api/v1/mappings/{id}', roles: ['operator', 'admin'] },
  deleteModel: { method: 'DELETE', path: '/api/v1/models/{id}', roles: ['dataScientist', 'admin'] },
  deleteToken: { method: 'DELETE', path: '/api/v1/tokens/{id}', roles: ['admin'] },
  deleteTrigger: { method: 'DELETE', path: '/api/v1/triggers/{id}', roles: ['dataScientist', 'admin'] },
  deleteUser: { method: 'DELETE', path: '/api/v1/users/{name}', roles: ['admin'] },
  deleteWorkflow: { method: 'DELETE', path: '/api/v1/workflows/{name}/{version}', roles: ['dataScientist', 'admin'] },
  discoverAssets: { method: 'POST', path: '/api/v1/drivers/{kind}/discover', roles: ['operator', 'admin'] },
  downloadWorkflow: { method: 'GET', path: '/api/v1/workflows/{name}/{version}/package', roles: ['dataScientist', 'admin'] },
  enableAsset: { method: 'PATCH', path: '/api/v1/assets/{id}', roles: ['operator', 'admin'] },
  enableTrigger: { method: 'PATCH', path: '/api/v1/triggers/{id}', roles: ['operator', 'dataScientist', 'admin'] },
  endCandidate: { method: 'DELETE', path: '/api/v1/deployments/{id}/candidate', roles: ['operator', 'dataScientist', 'admin'] },
  exportConfiguration: { method: 'GET', path: '/api/v1/configuration', roles: ['operator', 'admin'] },
  exportModel: { method: 'GET', path: '/api/v1/models/{id}/export', roles: ['dataScientist', 'admin'] },
  forgetDamaged: { method: 'POST', path: '/api/v1/store/damaged/{feed}/forget', roles: ['admin'] },
  getApiDocument: { method: 'GET', path: '/openapi/v1.json', roles: [] },
  getAssembly: { method: 'GET', path: '/api/v1/assemblies/{feed}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getAsset: { method: 'GET', path: '/api/v1/assets/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getAssetHistory: { method: 'GET', path: '/api/v1/assets/{id}/history', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getBacktest: { method: 'GET', path: '/api/v1/backtests/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getBackup: { method: 'GET', path: '/api/v1/backups/{name}', roles: ['admin'] },
  getBlob: { method: 'GET', path: '/api/v1/blobs', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getChart: { method: 'GET', path: '/api/v1/feeds/{feed}/chart', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getDeadLetter: { method: 'GET', path: '/api/v1/dead-letters/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getDeployment: { method: 'GET', path: '/api/v1/deployments/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getFeed: { method: 'GET', path: '/api/v1/feeds/{feed}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getHealth: { method: 'GET', path: '/healthz', roles: [] },
  getInferenceLive: { method: 'GET', path: '/v2/health/live', roles: [] },
  getInferenceModel: { method: 'GET', path: '/v2/models/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getInferenceModelReady: { method: 'GET', path: '/v2/models/{id}/ready', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getInferenceReady: { method: 'GET', path: '/v2/health/ready', roles: [] },
  getInferenceServer: { method: 'GET', path: '/v2', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getIngest: { method: 'GET', path: '/api/v1/ingest', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getLastRecords: { method: 'GET', path: '/api/v1/feeds/{feed}/last', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getMetrics: { method: 'GET', path: '/metrics', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getModel: { method: 'GET', path: '/api/v1/models/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getModelProfile: { method: 'GET', path: '/api/v1/models/{id}/profile', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getReadiness: { method: 'GET', path: '/readyz', roles: [] },
  getRecords: { method: 'GET', path: '/api/v1/feeds/{feed}/records', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getRetraining: { method: 'GET', path: '/api/v1/retrainings/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getSession: { method: 'GET', path: '/api/v1/session', roles: [] },
  getStatus: { method: 'GET', path: '/api/v1/status', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getStore: { method: 'GET', path: '/api/v1/store', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getTraining: { method: 'GET', path: '/api/v1/trainings/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getTrainingLog: { method: 'GET', path: '/api/v1/trainings/{id}/log', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getTrainingMetrics: { method: 'GET', path: '/api/v1/trainings/{id}/metrics', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getTrigger: { method: 'GET', path: '/api/v1/triggers/{id}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  getWorkflow: { method: 'GET', path: '/api/v1/workflows/{name}', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  importConfiguration: { method: 'POST', path: '/api/v1/configuration', roles: ['admin'] },
  importModel: { method: 'POST', path: '/api/v1/models', roles: ['dataScientist', 'admin'] },
  infer: { method: 'POST', path: '/v2/models/{id}/infer', roles: ['operator', 'dataScientist', 'admin'] },
  learnMapping: { method: 'POST', path: '/api/v1/mappings/learn', roles: ['operator', 'admin'] },
  listAssemblies: { method: 'GET', path: '/api/v1/assemblies', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listAssets: { method: 'GET', path: '/api/v1/assets', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listAudit: { method: 'GET', path: '/api/v1/audit', roles: ['admin'] },
  listBacktests: { method: 'GET', path: '/api/v1/backtests', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listBackups: { method: 'GET', path: '/api/v1/backups', roles: ['admin'] },
  listDatabusApps: { method: 'GET', path: '/api/v1/databus/apps', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listDatabusFeeds: { method: 'GET', path: '/api/v1/databus/feeds', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listDeadLetters: { method: 'GET', path: '/api/v1/dead-letters', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listDeployments: { method: 'GET', path: '/api/v1/deployments', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listDrivers: { method: 'GET', path: '/api/v1/drivers', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listFeeds: { method: 'GET', path: '/api/v1/feeds', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listLabels: { method: 'GET', path: '/api/v1/feeds/{feed}/labels', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listLifecycle: { method: 'GET', path: '/api/v1/lifecycle', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listMappings: { method: 'GET', path: '/api/v1/mappings', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listModels: { method: 'GET', path: '/api/v1/models', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listPredictions: { method: 'GET', path: '/api/v1/deployments/{id}/predictions', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listRetrainings: { method: 'GET', path: '/api/v1/retrainings', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listTokens: { method: 'GET', path: '/api/v1/tokens', roles: ['admin'] },
  listTopics: { method: 'GET', path: '/api/v1/topics', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listTrainings: { method: 'GET', path: '/api/v1/trainings', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listTriggers: { method: 'GET', path: '/api/v1/triggers', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listUsers: { method: 'GET', path: '/api/v1/users', roles: ['admin'] },
  listWorkflows: { method: 'GET', path: '/api/v1/workflows', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  listenToEvents: { method: 'GET', path: '/api/v1/events', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  postBlob: { method: 'POST', path: '/api/v1/blobs', roles: ['operator', 'dataScientist', 'admin'] },
  postLabels: { method: 'POST', path: '/api/v1/feeds/{feed}/labels', roles: ['operator', 'dataScientist', 'admin'] },
  postRecords: { method: 'POST', path: '/api/v1/feeds/{feed}/records', roles: ['operator', 'dataScientist', 'admin'] },
  previewAsset: { method: 'GET', path: '/api/v1/assets/{id}/preview', roles: ['viewer', 'operator', 'dataScientist', 'admin'] },
  previewTraining: { method: 'POST', path: '/api/v1/trainings/preview', roles: ['dataScientist', 'admin'] },
  promoteCandidate: { method: 'POST', path: '/api/v1/deployments/{id}/promote', roles: ['operator', 'dataScientist', 'admin'] },
  putAssembly: { method: 'PUT', path: '/api/v1/assemblies/{feed}', roles: ['operator', 'admin'] },
  putAsset: { method: 'PUT', path: '/api/v1/assets/{id}', roles: ['operator', 'admin'] },
  putBackup: { method: 'PUT', path: '/api/v1/backups/{name}', roles: ['admin'] },
  putFeed: { method: 'PUT', path: '/api/v1/feeds/{feed}', roles: ['operator', 'dataScientist', 'admin'] },
  putUser: { method: 'PUT', path: '/api/v1/users/{name}', roles: ['admin'] },
  querySql: { method: 'POST', path: '/api/v1/sql', roles: ['operator', 'dataScientist', 'admin'] },
  rejectRetraining: { method: 'POST', path: '/api/v1/retrainings/{id}/reject', roles: ['operator', 'dataScientist', 'admin'] },
  replayDeadLetters: { method: 'POST', path: '/api/v1/dead-letters/replay', roles: ['operator', 'admin'] },
  restoreBackup: { method: 'POST', path: '/api/v1/backups/{name}/restore', roles: ['admin'] },
  rollBackDeployment: { method: 'POST', path: '/api/v1/deployments/{id}/rollback', roles: ['operator', 'dataScientist', 'admin'] },
  runTrigger: { method: 'POST', path: '/api/v1/triggers/{id}/run', roles: ['dataScientist', 'admin'] },
  setModelStage: { method: 'PUT', path: '/api/v1/models/{id}/stage', roles: ['dataScientist', 'admin'] },
  signIn: { method: 'POST', path: '/api/v1/session', roles: [] },
  signOut: { method: 'DELETE', path: '/api/v1/session', roles: [] },
  startBacktest: { method: 'POST', path: '/api/v1/backtests', roles: ['dataScientist', 'admin'] },
  startBackup: { method: 'POST', path: '/api/v1/backups', roles: ['admin'] },
  startCanary: { method: 'POST', path: '/api/v1/deployments/{id}/canary', roles: ['operator', 'dataScientist', 'admin'] },
  startDeployment: { method: 'POST', path: '/api/v1/deployments', roles: ['operator', 'dataScientist', 'admin'] },
  startShadow: { method: 'POST', path: '/api/v1/deployments/{id}/shadow', roles: ['operator', 'dataScientist', 'admin'] },
  startTraining: { method: 'POST', path: '/api/v1/trainings', roles: ['dataScientist', 'admin'] },
  testAsset: { method: 'POST', path: '/api/v1/assets/{id}/test', roles: ['operator', 'admin'] },
  updateDatabus: { method: 'POST', path: '/api/v1/databus/update', roles: ['operator', 'admin'] },
  uploadWorkflow: { method: 'POST', path: '/api/v1/workflows', roles: ['dataScientist', 'admin'] },
  verifyBackup: { method: 'POST', path: '/api/v1/backups/{name}/verify', roles: ['admin'] },
  verifyStore: { method: 'POST', path: '/api/v1/store/verify', roles: ['admin'] },
  writeAsset: { method: 'POST', path: '/api/v1/assets/{id}/values', roles: ['operator', 'admin'] },
  writeDatabus: { method: 'POST', path: '/api/v1/databus/feeds/{feed}/values', roles: ['operator', 'admin'] },
};
