/* Objects of the candidate's classes, which stay in its process: the tests have handles. See docs/values.md.

   `Remote` of such a class has its name. In the candidate's program it is the candidate's own class; in the tests' it
   is a stub, which extends `Object`. Included after values.hpp. */
#ifndef CROSSTUNE_OBJECTS
#define CROSSTUNE_OBJECTS
namespace crosstune {

/* The name of an instance of a class template. */
template <class Class> const char *name_of() { return __PRETTY_FUNCTION__; }

/* The instances of class templates that the tests use, as far as it is known. */
template <class Class> struct Instance { enum { yes = 0 }; };

/* The tests' side. */

/* The handle of an object that the candidate's process has made. No list in braces is one. */
struct Made {
  enum class Mark {};
  Size handle;
  Made(Size handle, Mark) : handle(handle) {}
};
template <> struct AskedValue<Made, false> {
  Size handle;
  void take() {
    handle = take_handle();
    if (stub_of(handle)) malformed();
  }
  Made get() { return {handle, Made::Mark()}; }
};

template <class Class> struct Object : Stub {
  static_assert(Remote<Class>::known, "the tests use an instance of the class template that was not foreseen");
  explicit Object(Made made) : Stub(made.handle) {}
  Object(const Object &other) : Object(Function<Made(const Class &)>::ask({'N', Remote<Class>::name(), "copy"}, other.self())) {}
  Object(Object &&other) : Object(Function<Made(const Class &)>::ask({'N', Remote<Class>::name(), "move"}, other.self())) {}
  Object &operator=(const Object &other) { return assigned("copy=", other); }
  Object &operator=(Object &&other) { return assigned("move=", other); }
  ~Object() override { Function<void()>::ask(crosstune_question("~")); }
  Question crosstune_question(const char *name) const { return {'M', Remote<Class>::name(), name, crosstune_handle}; }

  template <Size NUMBER, class Field> void crosstune_send_field(const char *set, Field &field) {
    begin_question(crosstune_question(set), 1);
    crosstune::write(field);
    if (!field_has_changed(crosstune_handle, NUMBER)) return;
    Asked<void> asked;
    if (crosstune::ask()) asked.take();
    if (take_changes()) malformed();
    finish();
  }
  template <Size NUMBER, class Field> void crosstune_receive_field(const char *get, const char *set, Field &field) {
    begin_question({'G', Remote<Class>::name(), get, crosstune_handle}, 0);
    if (!crosstune::ask()) malformed();
    crosstune::read(field);
    if (take_changes()) malformed();
    finish();
    begin_question(crosstune_question(set), 1);
    crosstune::write(field);
    field_is(crosstune_handle, NUMBER);
  }

 private:
  const Class &self() const { return static_cast<const Class &>(*this); }
  Object &assigned(const char *name, const Object &other) {
    Function<void(const Class &)>::ask(crosstune_question(name), other.self());
    return *this;
  }
};

template <class Class> Class *existing_stub(Size handle) {
  Stub *stub = stub_of(handle);
  if (!stub) return new Class(Made(handle, Made::Mark()));
  Class *found = dynamic_cast<Class *>(stub);
  if (!found) malformed();
  return found;
}

template <class Class> struct Value<Class, typename std::enable_if<Remote<Class>::yes>::type> {
  static void write(const Class &object) { put_handle(object.crosstune_handle); }
  static void read(Class &) { malformed(); }
};
template <class Class> struct Pointer<Class, true> {
  typedef typename Plain<Class>::type Held;
  static void write(Class *const &object) {
    if (object) put_handle(object->crosstune_handle);
    else put_tag('N');
  }
  static void read(Class *&object) { object = take_nothing() ? nullptr : existing_stub<Held>(take_handle()); }
};
template <class Class> struct AskedValue<Class, true> : AskedValue<Made, false> {
  Class get() { return Class(AskedValue<Made, false>::get()); }
};
template <class Class> struct AskedValue<Class *, true> {
  Class *object;
  void take() { crosstune::read(object); }
  Class *get() { return object; }
};
template <class Class> struct AskedValue<Class &, true> {
  Size handle;
  void take() { handle = take_handle(); }
  Class &get() { return *existing_stub<typename Plain<Class>::type>(handle); }
};

/* The candidate's side. */

template <class Class> void destroyed(void *object) { delete static_cast<Class *>(object); }
template <class Class> Class &target() { return *static_cast<Class *>(target(Remote<Class>::name())); }

template <class Class> void put_object(const Class *object) {
  if (object) put_handle(handle_of(object, Remote<Class>::name(), destroyed<typename Plain<Class>::type>));
  else put_tag('N');
}

template <class Class> void put_new(const Class *object) {
  put_handle(new_handle(object, Remote<Class>::name(), destroyed<typename Plain<Class>::type>));
}

template <class Class> struct Argument<Class *, true> {
  typedef typename Plain<Class>::type Held;
  Held *object;
  Argument() : object(take_nothing() ? nullptr : static_cast<Held *>(object_of(take_handle(), Remote<Class>::name()))) {}
  Class *pass() { return object; }
  void changed(Size) {}
};
template <class Class> struct Argument<Class, true> {
  Argument<Class *> held;
  Class &&pass() { return static_cast<Class &&>(*held.object); }
  void changed(Size) {}
};
template <class Class> struct Argument<Class &, true> {
  typedef typename Plain<Class>::type Held;
  Argument<Held *> held;
  Class &pass() { return *held.object; }
  void changed(Size) {}
};
template <class Class> struct Argument<Class &&, true> {
  typedef typename Plain<Class>::type Held;
  Argument<Held *> held;
  Class &&pass() { return static_cast<Class &&>(*held.object); }
  void changed(Size) {}
};

template <class Declared> struct Answer<Declared, true> {
  template <class Given> static void write(Given &&given) { put_new(new Declared(static_cast<Given &&>(given))); }
};
template <class Declared> struct Answer<Declared *, true> {
  static void write(Declared *given) { put_object(given); }
};
template <class Declared> struct Answer<Declared &, true> {
  typedef typename Plain<Declared>::type Class;
  static void write(Declared &given) { put_object(&given); }
  static void write(Class &&given) { put_new(new Class(static_cast<Class &&>(given))); }
};

/* Copies are made for tests that copy objects. A class may seem to have them although they do not compile, so the
   candidate is compiled without them if it cannot be compiled with them. */
[[noreturn]] void cannot_be_copied();
#ifdef CROSSTUNE_NO_COPIES
#define CROSSTUNE_IF(possible) false
#else
#define CROSSTUNE_IF(possible) possible
#endif
template <bool POSSIBLE> struct Copies {
  template <class Class> static typename Plain<Class>::type *made(Class &&object) {
    return new typename Plain<Class>::type(static_cast<Class &&>(object));
  }
  template <class Class, class Other> static void assign(Class &object, Other &&other) { object = static_cast<Other &&>(other); }
};
template <> struct Copies<false> {
  template <class Class> static typename Plain<Class>::type *made(Class &&) { cannot_be_copied(); }
  template <class Class, class Other> static void assign(Class &, Other &&) { cannot_be_copied(); }
};

/* What a class can do without being declared to. */
template <class Class> struct Operations {
  static void copy() {
    answer([](Class &other) {
      put_new<Class>(Copies<CROSSTUNE_IF(std::is_copy_constructible<Class>::value)>::made(static_cast<const Class &>(other)));
    });
  }
  static void move() {
    answer([](Class &other) {
      put_new<Class>(Copies<CROSSTUNE_IF(std::is_move_constructible<Class>::value)>::made(static_cast<Class &&>(other)));
    });
  }
  static void assign() {
    answer([](Class &other) {
      Copies<CROSSTUNE_IF(std::is_copy_assignable<Class>::value)>::assign(target<Class>(), static_cast<const Class &>(other));
      put_tag('N');
    });
  }
  static void assign_moved() {
    answer([](Class &other) {
      Copies<CROSSTUNE_IF(std::is_move_assignable<Class>::value)>::assign(target<Class>(), static_cast<Class &&>(other));
      put_tag('N');
    });
  }
  static void destroy() {
    begin_result();
    destroy_target();
    put_tag('N');
    unchanged();
  }

 private:
  static void unchanged() {
    begin_changes();
    end_changes();
  }
  template <class Change> static void answer(Change change) {
    Argument<Class *> other;
    begin_result();
    try { change(*other.object); }
    catch (...) { raised(); }
    unchanged();
  }
};
/* A public field is read, and set where the tests have changed it. */
template <class Field> void answer_field(const Field &field) {
  begin_result();
  crosstune::write(field);
  begin_changes();
  end_changes();
}
template <class Field> void set_field(Field &field) {
  crosstune::read(field);
  begin_result();
  put_tag('N');
  begin_changes();
  end_changes();
}
template <class Field> void set_field(const Field &) { malformed(); }

}
#endif
