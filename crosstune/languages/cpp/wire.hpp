/* Plain values as bytes, on both sides of the pipes between tests and candidate: see docs/values.md.

   One message is written, and one is read, at a time. These functions are compiled once: those that both sides have
   (wire.cpp), and those of the candidate's side (server.cpp) or of the tests' (stub.cpp). A reader that does not find
   what it expects ends the process; on the tests' side that is the candidate's failure. */
#ifndef CROSSTUNE_WIRE
#define CROSSTUNE_WIRE
namespace crosstune {

typedef decltype(sizeof(0)) Size;

void put_tag(char tag);
void put_count(char tag, Size count);
void put_integer(long long value);
void put_unsigned(unsigned long long value);
void put_double(double value);
void put_extended(long double value);
void put_character(unsigned long code);
void put_text(const char *data, Size size);
/* The name of a standard type; the value that it is made of follows. */
void put_kind(const char *name);
/* A structure that the benchmark declares; each field's value follows its name. */
void put_record(const char *name, Size fields);
void put_field(const char *name);
/* An object that is no value. The tests cannot pass it. */
void put_opaque(const char *type);

/* Numbers must be exact in the type that is asked for, except that any number is a floating-point number. */
long long take_integer(long long lowest, long long highest);
unsigned long long take_unsigned(unsigned long long highest);
double take_double();
/* The tests' side: a NaN of the candidate's arrives as another number, until the tests have passed one. */
void foresee_no_nan();
long double take_extended();
/* The text's place in the message, which the next message replaces. */
const char *take_text(Size &size);
/* A copy of the text that stays, with a zero at its end. */
const char *take_kept_text(Size &size);
Size take_count(char tag);
void take_tag(char tag);
/* These read nothing if the next value is another one. */
bool take_nothing();
bool take_kind(const char *name);
bool take_opaque();
/* The structure must have this name, and these fields in this order. */
void take_record(const char *name, Size fields);
void take_field(const char *name);
char next_tag();
[[noreturn]] void malformed();

/* Values that contain values of any type nest only so deep. */
struct Nested {
  Nested();
  ~Nested();
};

/* Where the next value begins in the message that is read. */
Size position();
void message_taken();

/* The number of an object that stays in the candidate's process. */
void put_handle(Size handle);
Size take_handle();

/* The candidate's side. What is called has the name of its class, if any, and one of its own. */
struct EntryPoint {
  const char *of, *name;
  void (*call)();
};
void begin_result();
void raised(); /* called in a handler: the answer is the exception */
void begin_changes();
Size begin_change(Size argument);
void end_change(Size change, Size begin, Size end); /* drop it if the argument was sent like that */
void end_changes();
void *target(const char *of); /* the object whose method is called */
void *object_of(Size handle, const char *of);
Size new_handle(const void *object, const char *of, void (*destroy)(void *));
Size handle_of(const void *object, const char *of, void (*destroy)(void *)); /* a new one, if it has none */
void destroy_target();

/* The tests' side. */
struct Question {
  char kind;
  const char *of, *name;
  Size handle;
  Question(const char *function) : kind('C'), of(""), name(function), handle() {}
  Question(char kind, const char *of, const char *name, Size handle = 0) : kind(kind), of(of), name(name), handle(handle) {}
};
void begin_question(const Question &question, Size arguments);
bool ask(); /* whether the candidate returned */
Size take_changes();
Size take_argument();
void finish(); /* throw what the candidate has thrown, if so */

/* An object in the candidate's process. */
struct Stub {
  const Size crosstune_handle;
  explicit Stub(Size handle);
  Stub(const Stub &) = delete;
  Stub &operator=(const Stub &) = delete;
  virtual ~Stub();
  /* Send the public fields that the tests have changed, and read them. */
  virtual void crosstune_send() {}
  virtual void crosstune_receive() {}
};
void receive_fields(Stub &stub);
Stub *stub_of(Size handle); /* the one that the tests have, if any */
/* Whether the tests have changed a field since it was sent or read; the question to set it has been begun. */
bool field_has_changed(Size handle, Size number);
void field_is(Size handle, Size number);

}
#endif
