// An OPC UA server for tests, made with node-opcua. Argument: JSON of {port, folder, nodes, interval, namespaces, users, security, events}.
// Prints "ready" when it listens; reads commands from stdin, a line each: "set <name> <json>" and "stop".
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const {
  OPCUAServer, Variant, VariantArrayType, DataType, StatusCodes, SecurityPolicy, MessageSecurityMode, OPCUACertificateManager, makeAccessLevelFlag,
  coerceLocalizedText, coerceQualifiedName, coerceNodeId, standardUnits,
} = require("node-opcua");

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
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128_Sha256_RsaOaep, SecurityPolicy.Aes256_Sha256_RsaPss],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: settings.anonymous !== false,
    userManager: { isValidUser: (name, password) => name === "operator" && password === "s3cret" },
    maxConnectionsPerEndpoint: 50,
    serverCapabilities: { maxSessions: 50 },
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
      const { dataType, value, status } = JSON.parse(rest.join(" "));
      variables[name].setValueFromSource({ dataType: DataType[dataType], value }, status ? StatusCodes[status] : StatusCodes.Good);
      console.log(`done ${name}`);
    } else if (verb === "stop") {
      await server.shutdown(0);
      process.exit(0);
    }
  }).on("close", () => process.exit(0));
  console.log("ready");
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
