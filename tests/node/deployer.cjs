// Reads and builds a project with the platform's own deployer, offline: no account, nothing is uploaded.
//   node deployer.cjs PROJECT ENV_FILE
// Prints {"error"?, "functions": [{"path", "web", "zip", "error"?}]}; zips lie where the deployer leaves them.
const { readProject, buildProject, makeIncluder } = require('@nimbella/nimbella-deployer')

const RUNTIMES = { python: [{ kind: 'python:3.9', default: true }, { kind: 'python:3.11' }] }
const silent = { progress() {}, warn() {}, warnOnce() {} }

async function main(project, envFile) {
  const spec = await readProject(project, envFile, undefined, makeIncluder(), false, silent, RUNTIMES)
  if (spec.error) return { error: String(spec.error.message) }
  spec.flags = { incremental: false, verboseBuild: false, verboseZip: false }
  const built = await buildProject(spec, RUNTIMES)
  if (built.error) return { error: String(built.error.message) }
  const functions = built.packages.flatMap((pkg) =>
    pkg.actions.map((action) => ({
      path: `${pkg.name}/${action.name}`,
      web: action.web,
      runtime: action.runtime,
      zip: action.file,
      error: action.buildError && String(action.buildError.message),
    })),
  )
  return { functions, strays: built.strays }
}

main(process.argv[2], process.argv[3]).then((answer) => console.log(JSON.stringify(answer)))
