"""Lambda's Python runtime: the process of one execution environment.

Started by execution/environment.ts with the code's folder as its working directory. Speaks the Lambda Runtime API.
"""

import http.client
import importlib
import json
import logging
import os
import signal
import sys
import threading
import time
import traceback

# First character of a line of standard output that is ours: the rest is JSON, see execution/output.ts.
FRAME = "\x1e"
PREFIX = "/2018-06-01/runtime/"


def die_with_engine():
    """fd 3 is a pipe whose other end only the engine holds: when it ends, so does this process, and its group."""

    def watch():
        try:
            while os.read(3, 1024):
                pass
        except OSError:
            pass
        if hasattr(os, "killpg"):
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    os.set_inheritable(3, False)
    threading.Thread(target=watch, daemon=True).start()


def max_rss():
    """Kilobytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def emit(text):
    """One log event, whatever line breaks it has."""
    sys.stdout.flush()
    sys.__stdout__.write(FRAME + json.dumps({"line": text}) + "\n")
    sys.__stdout__.flush()


def end_output(request_id):
    """After this, nothing of the invocation is still on its way."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for stream in (sys.__stdout__, sys.__stderr__):
        stream.write(FRAME + json.dumps({"end": request_id}) + "\n")
        stream.flush()


class Client:
    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def next(self):
        response = self.send("GET", "invocation/next")
        return dict((name.lower(), value) for name, value in response[0]), response[1]

    def succeed(self, request_id, text):
        self.send("POST", "invocation/%s/response" % request_id, text)

    def fail(self, request_id, error):
        self.send("POST", "invocation/%s/error" % request_id, json.dumps(error), error["errorType"])

    def fail_init(self, error):
        self.send("POST", "init/error", json.dumps(error), error["errorType"])

    def send(self, method, path, body=None, error_type=None):
        headers = {"Content-Type": "application/json", "Slipstream-Max-Rss": str(max_rss())}
        if error_type is not None:
            headers["Lambda-Runtime-Function-Error-Type"] = error_type
        data = None if body is None else body.encode("utf-8")
        self.connection.request(method, PREFIX + path, body=data, headers=headers)
        response = self.connection.getresponse()
        return response.getheaders(), response.read()


class CognitoIdentity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Context:
    """The documented properties (Developer Guide, python-context)."""

    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = CognitoIdentity()
        self.client_context = json.loads(headers.get("lambda-runtime-client-context") or "null")
        self._deadline = int(float(headers["lambda-runtime-deadline-ms"]))

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))


class LogHandler(logging.Handler):
    """The root logger's lines, in the form of Lambda's own Python runtime."""

    request_id = ""

    def emit(self, record):
        try:
            record.aws_request_id = self.request_id
            emit(self.format(record))
        except Exception:
            self.handleError(record)


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": getattr(record, "aws_request_id", ""),
        }
        if record.exc_info:
            kind, value, trace = record.exc_info
            line["errorType"] = kind.__name__
            line["errorMessage"] = str(value)
            line["stackTrace"] = traceback.format_tb(trace)
        return json.dumps(line, default=str)


def install_logging():
    handler = LogHandler()
    root = logging.getLogger()
    if os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON":
        handler.setFormatter(JsonFormatter())
        level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO")
        root.setLevel({"TRACE": "DEBUG", "FATAL": "CRITICAL"}.get(level, level))
    else:
        form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
        formatter = logging.Formatter(form, "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
    root.addHandler(handler)
    return handler


class RuntimeProblem(Exception):
    def __init__(self, kind, message):
        Exception.__init__(self, message)
        self.kind = kind


def load(handler):
    try:
        module, function = handler.rsplit(".", 1)
    except ValueError:
        raise RuntimeProblem("Runtime.MalformedHandlerName", "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % handler)
    try:
        loaded = importlib.import_module(module.replace("/", "."))
    except ImportError as error:
        raise RuntimeProblem("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module, error)) from error
    except SyntaxError as error:
        raise RuntimeProblem("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module, error)) from error
    try:
        return getattr(loaded, function)
    except AttributeError:
        raise RuntimeProblem("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function, module))


def payload_of(error, request_id):
    if isinstance(error, RuntimeProblem):
        trace = []
        kind = error.kind
    else:
        # Our own frames, the first of the traceback, are not the function's.
        trace = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
        kind = type(error).__name__
    return {"errorMessage": str(error), "errorType": kind, "requestId": request_id, "stackTrace": trace}


def log_error(payload):
    lines = "[ERROR] %s: %s" % (payload["errorType"], payload["errorMessage"])
    emit("%s\nTraceback (most recent call last):\n%s" % (lines, "".join(payload["stackTrace"])))


def main():
    die_with_engine()
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    client = Client(os.environ["AWS_LAMBDA_RUNTIME_API"])
    logs = install_logging()
    try:
        function = load(os.environ["_HANDLER"])
    except Exception as error:
        payload = payload_of(error, "")
        log_error(payload)
        end_output("")
        client.fail_init(payload)
        sys.exit(1)
    while True:
        headers, event = client.next()
        context = Context(headers)
        request_id = logs.request_id = context.aws_request_id
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        try:
            text = serialize(function(json.loads(event), context))
        except Exception as error:
            payload = payload_of(error, request_id)
            log_error(payload)
            end_output(request_id)
            client.fail(request_id, payload)
        else:
            end_output(request_id)
            client.succeed(request_id, text)


def serialize(value):
    try:
        return json.dumps(value)
    except (TypeError, ValueError) as error:
        raise RuntimeProblem("Runtime.MarshalError", "Unable to marshal response: %s" % error)


if __name__ == "__main__":
    main()
