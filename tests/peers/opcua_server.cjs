// An OPC UA server for tests, made with node-opcua. Argument: JSON of {port, folder, nodes, interval, types, structures, machine, …}: what it has.
// Prints "ready" when it listens; reads commands from stdin, a line each: "set <name> <json>" (one value, or a list of them at once), "event <json>", "items" and "stop".
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const {
  OPCUAServer, Variant, VariantArrayType, DataType, StatusCodes, SecurityPolicy, MessageSecurityMode, OPCUACertificateManager, makeAccessLevelFlag,
  coerceLocalizedText, coerceQualifiedName, coerceNodeId, standardUnits, nodesets,
} = require("node-opcua");
const { OpaqueStructure } = require("node-opcua-extension-object");

// Bytes that are sent as they are. Copies are made by giving the original to the constructor.
class Raw extends OpaqueStructure {
  constructor(nodeId, buffer) {
    super(nodeId instanceof Raw ? nodeId.nodeId : nodeId, nodeId instanceof Raw ? nodeId.buffer : buffer);
  }
}

const settings = JSON.parse(process.argv[2]);

async function main() {
  const certificates = new OPCUACertificateManager({ automaticallyAcceptUnknownCertificate: !settings.strict, rootFolder: path.join(settings.folder, "pki") });
  const users = new OPCUACertificateManager({ automaticallyAcceptUnknownCertificate: true, rootFolder: path.join(settings.folder, "userpki") });
  await certificates.initialize();
  await users.initialize();
  const server = new OPCUAServer({
    port: settings.port,
    hostname: settings.hostname || "localhost",
    alternateHostname: ["127.0.0.1"],
    serverCertificateManager: certificates,
    userCertificateManager: users,
    nodeset_filename: settings.structures ? [nodesets.standard, path.join(__dirname, "press.NodeSet2.xml")] : [nodesets.standard],
    securityPolicies: settings.policies
      ? settings.policies.map(name => SecurityPolicy[name])
      : [SecurityPolicy.None, SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128_Sha256_RsaOaep, SecurityPolicy.Aes256_Sha256_RsaPss],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: settings.anonymous !== false,
    userManager: { isValidUser: (name, password) => name === "operator" && password === "s3cret" },
    maxConnectionsPerEndpoint: 50,
    // With a rate of 0 an item that samples at 0 reports each change by itself, however soon it comes after another.
    serverCapabilities: { maxSessions: 50, ...(settings.everyChange ? { minSupportedSampleRate: 0 } : {}) },
    ...(settings.certificateFile ? { certificateFile: settings.certificateFile, privateKeyFile: settings.privateKeyFile } : {}),
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  const own = space.getOwnNamespace();
  for (const uri of settings.namespacesBefore || []) space.registerNamespace(uri);
  const ns = settings.namespace ? space.registerNamespace(settings.namespace) : own;
  const folder = ns.addFolder(space.rootFolder.objects, { browseName: "Plant" });
  const variables = {};

  function add(name, dataType, value, more) {
    // Integers of 64 bits are two numbers of 32 here.
    const isArray = !["Int64", "UInt64", "ByteString"].includes(dataType) && (Array.isArray(value) || ArrayBuffer.isView(value));
    variables[name] = ns.addVariable({
      componentOf: folder, browseName: name, nodeId: `s=${name}`, dataType, valueRank: isArray ? 1 : -1,
      accessLevel: makeAccessLevelFlag("CurrentRead | CurrentWrite"), userAccessLevel: makeAccessLevelFlag("CurrentRead | CurrentWrite"),
      value: new Variant({ dataType: DataType[dataType], arrayType: isArray ? VariantArrayType.Array : VariantArrayType.Scalar, value }),
      ...more,
    });
  }

  const count = settings.nodes || 0;
  for (let i = 0; i < count; i++) add(`N${i}`, "Double", 0);
  if (settings.types) {
    add("Boolean", "Boolean", true);
    add("SByte", "SByte", -128);
    add("Byte", "Byte", 255);
    add("Int16", "Int16", -32768);
    add("UInt16", "UInt16", 65535);
    add("Int32", "Int32", -2147483648);
    add("UInt32", "UInt32", 4294967295);
    add("Int64", "Int64", [0x80000000, 0]);
    add("UInt64", "UInt64", [0xffffffff, 0xffffffff]);
    add("Float", "Float", 1.5);
    add("Double", "Double", 2.25);
    add("NaN", "Double", NaN);
    add("String", "String", "Öl & Wärme €");
    add("DateTime", "DateTime", new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)));
    add("Guid", "Guid", "72962B91-FA75-4AE6-8D28-B404DC7DAF63");
    add("ByteString", "ByteString", Buffer.from([0, 1, 2, 255]));
    add("LocalizedText", "LocalizedText", coerceLocalizedText("warm"));
    add("QualifiedName", "QualifiedName", coerceQualifiedName("1:name"));
    add("NodeId", "NodeId", coerceNodeId("ns=1;s=other"));
    add("StatusCode", "StatusCode", StatusCodes.BadDeviceFailure);
    add("Doubles", "Double", new Float64Array([1, 2.5, -3]));
    add("Int32s", "Int32", new Int32Array([1, -2, 3]));
    add("Booleans", "Boolean", [true, false, true]);
    add("Strings", "String", ["a", "", "c"]);
    add("NoDoubles", "Double", new Float64Array(0));
    add("Large", "Double", new Float64Array(100000).map((_, i) => i));
    own.addAnalogDataItem({
      componentOf: folder, browseName: "Temperature", nodeId: "s=Temperature", dataType: "Double", engineeringUnits: standardUnits.degree_celsius,
      engineeringUnitsRange: { low: 0, high: 100 }, value: new Variant({ dataType: DataType.Double, value: 21.5 }),
    });
  }

  let pressEvent;
  if (settings.structures) addStructures(space, ns, folder);
  if (settings.machine) pressEvent = addMachine(space, ns, folder, add);
  if (settings.writeOnly) add("Locked", "Double", 1, { accessLevel: "CurrentRead", userAccessLevel: "CurrentRead" });
  await server.start();
  let tick = 0;
  if (settings.interval) {
    setInterval(() => {
      tick++;
      for (let i = 0; i < count; i++) variables[`N${i}`].setValueFromSource({ dataType: DataType.Double, value: tick + i / 1000000 });
    }, settings.interval);
  }

  readline.createInterface({ input: process.stdin }).on("line", async line => {
    const [verb, name, ...rest] = line.split(" ");
    if (verb === "set") {
      for (const { dataType, value, status, at } of [JSON.parse(rest.join(" "))].flat())
        variables[name].setValueFromSource({ dataType: DataType[dataType], value }, status ? StatusCodes[status] : StatusCodes.Good, at ? new Date(at) : undefined);
      console.log(`done ${name}`);
    } else if (verb === "event") {
      const { message, severity, force } = JSON.parse([name, ...rest].join(" "));
      space.rootFolder.objects.server.raiseEvent(force === undefined ? "BaseEventType" : pressEvent, {
        message: { dataType: DataType.LocalizedText, value: coerceLocalizedText(message) },
        severity: { dataType: DataType.UInt16, value: severity },
        ...(force === undefined ? {} : { force: { dataType: DataType.Double, value: force } }),
      });
      console.log("done event");
    } else if (verb === "items") {
      const items = Object.values(server.engine._sessions).flatMap(s => s.publishEngine.subscriptions)
        .flatMap(s => [...s.monitoredItems.values()].map(m => ({ subscription: s.id, id: m.monitoredItemId, node: m.node.browseName.name, queue: m.queueSize, publishing: s.publishingInterval })));
      console.log(`items ${JSON.stringify(items)}`);
    } else if (verb === "stop") {
      await server.shutdown(0);
      process.exit(0);
    }
  }).on("close", () => process.exit(0));
  console.log("ready");
}

// Structures of press.NodeSet2.xml, an unknown one, and one that only a dictionary describes.
function addStructures(space, ns, folder) {
  const press = space.getNamespaceIndex("urn:mlops:test:press");
  const make = (type, fields) => space.constructExtensionObject(space.findDataType(type, press), fields);
  const position = (x, y) => ({ x, y });
  const show = (name, dataType, value, isArray) => ns.addVariable({
    componentOf: folder, browseName: name, nodeId: `s=${name}`, dataType, valueRank: isArray ? 1 : -1,
    value: { dataType: DataType.ExtensionObject, arrayType: isArray ? VariantArrayType.Array : VariantArrayType.Scalar, value },
  });
  const type = name => space.findDataType(name, press).nodeId;
  const part = make("Part", {
    serial: "A-17", centre: position(1.5, -2), mode: 2, made: new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)), weights: [1, 2.5], corners: [position(0, 0), position(3, 4)],
  });
  show("Part", type("Part"), part);
  show("Checked", type("Inspection"), make("Inspection", { passed: true, height: 7.25, count: 3 }));
  show("Unchecked", type("Inspection"), make("Inspection", { passed: false, remark: "no light", count: 4 }));
  show("Measured", type("Reading"), make("Reading", { place: position(8, 9) }));
  show("Parts", type("Position"), [make("Position", position(1, 2)), make("Position", position(3, 4))], true);
  ns.addVariable({ componentOf: folder, browseName: "Mode", nodeId: "s=Mode", dataType: type("PressMode"), value: { dataType: DataType.Int32, value: 1 } });
  show("Unknown", "Structure", new Raw(coerceNodeId(`ns=${press};i=9999`), Buffer.from([1, 2, 3])));

  const xml = `<?xml version="1.0" encoding="utf-8"?>
<opc:TypeDictionary xmlns:opc="http://opcfoundation.org/BinarySchema/" xmlns:ua="http://opcfoundation.org/UA/" xmlns:tns="urn:old" DefaultByteOrder="LittleEndian" TargetNamespace="urn:old">
  <opc:Import Namespace="http://opcfoundation.org/UA/"/>
  <opc:EnumeratedType Name="Grade" LengthInBits="32"><opc:EnumeratedValue Name="Good" Value="0"/><opc:EnumeratedValue Name="Scrap" Value="1"/></opc:EnumeratedType>
  <opc:StructuredType Name="Spot" BaseType="ua:ExtensionObject"><opc:Field Name="X" TypeName="opc:Int16"/><opc:Field Name="Y" TypeName="opc:Int16"/></opc:StructuredType>
  <opc:StructuredType Name="OldPart" BaseType="ua:ExtensionObject">
    <opc:Field Name="RemarkSpecified" TypeName="opc:Bit"/><opc:Field Name="WeightSpecified" TypeName="opc:Bit"/><opc:Field Name="Reserved1" TypeName="opc:Bit" Length="30"/>
    <opc:Field Name="Grade" TypeName="tns:Grade"/><opc:Field Name="Remark" TypeName="opc:CharArray" SwitchField="RemarkSpecified"/>
    <opc:Field Name="Weight" TypeName="opc:Double" SwitchField="WeightSpecified"/><opc:Field Name="Label" TypeName="ua:LocalizedText"/>
    <opc:Field Name="NoOfSpots" TypeName="opc:Int32"/><opc:Field Name="Spots" TypeName="tns:Spot" LengthField="NoOfSpots"/>
  </opc:StructuredType>
</opc:TypeDictionary>`;
  const dictionary = ns.addVariable({
    browseName: "Old", nodeId: "s=OldDictionary", componentOf: "i=93", typeDefinition: "DataTypeDictionaryType", dataType: "ByteString", value: { dataType: DataType.ByteString, value: Buffer.from(xml) },
  });
  const description = ns.addVariable({
    browseName: "OldPart", nodeId: "s=OldPartDescription", componentOf: dictionary, typeDefinition: "DataTypeDescriptionType", dataType: "String", value: { dataType: DataType.String, value: "OldPart" },
  });
  const encoding = ns.addObject({ browseName: "Default Binary", nodeId: "s=OldPartEncoding", typeDefinition: "DataTypeEncodingType" });
  encoding.addReference({ referenceType: "HasDescription", nodeId: description.nodeId });
  const body = Buffer.alloc(4 + 4 + 8 + 1 + 4 + 4 + 4 + 8);
  let at = body.writeUInt32LE(2, 0);
  at = body.writeInt32LE(1, at);
  at = body.writeDoubleLE(12.5, at);
  at = body.writeUInt8(2, at);
  at = body.writeInt32LE(4, at);
  at += body.write("warm", at);
  at = body.writeInt32LE(2, at);
  for (const number of [1, 2, 3, 4]) at = body.writeInt16LE(number, at);
  show("OldPart", "Structure", new Raw(encoding.nodeId, body));
}

// A variable with a history, one with a range, a method, and events with a field of their own. Returns the type of these.
function addMachine(space, ns, folder, add) {
  const force = ns.addAnalogDataItem({
    componentOf: folder, browseName: "Force", nodeId: "s=Force", dataType: "Double", engineeringUnitsRange: { low: 0, high: 200 }, engineeringUnits: standardUnits.newton,
    accessLevel: "CurrentRead | CurrentWrite | HistoryRead", userAccessLevel: "CurrentRead | CurrentWrite | HistoryRead", historizing: true,
    ...(settings.history ? {} : { value: { dataType: DataType.Double, value: 0 } }),
  });
  space.installHistoricalDataNode(force, { maxOnlineValues: 100000 });
  const start = Date.now() - 60000;
  for (let i = 1; i <= (settings.history || 0); i++) force.setValueFromSource({ dataType: DataType.Double, value: i }, StatusCodes.Good, new Date(start + i * 10));
  add("Force", "Double", 0, { browseName: "Shadow", nodeId: "s=Shadow" });
  add("Trigger", "Int32", 0);
  add("Anything", "Double", 1.5, { dataType: "BaseDataType" });
  const press = ns.addObject({ componentOf: folder, browseName: "Press", nodeId: "s=Press" });
  const argument = (name, dataType) => ({ name, description: { text: name }, dataType });
  const multiply = ns.addMethod(press, {
    browseName: "Multiply", nodeId: "s=Multiply", inputArguments: [argument("a", DataType.Double), argument("b", DataType.Int32)], outputArguments: [argument("product", DataType.Double)],
  });
  multiply.bindMethod(([a, b], _context, done) => done(null, b.value < 0
    ? { statusCode: StatusCodes.BadOutOfRange }
    : { statusCode: StatusCodes.Good, outputArguments: [{ dataType: DataType.Double, value: a.value * b.value }] }));
  const type = ns.addEventType({ browseName: "PressEventType", nodeId: "s=PressEventType", subtypeOf: "BaseEventType" });
  ns.addVariable({ propertyOf: type, browseName: "Force", dataType: "Double", modellingRule: "Mandatory" });
  return type;
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
