/* Finds out whether an operator of the candidate may have decided the comparison of an assertion; see gcc.py.

   Mostly the names of types are evaluated here. All names end in an underscore, because the candidate's macros are
   still defined. */
#include <type_traits>
#include <typeinfo>

namespace NAME_fair {

/* Reads the name of a type as the compiler mangles it: whether it consists of built-in types and of those of the
   standard library, and of Boost, alone. */
struct Name_ {
  const char *at_;
  /* Whether it is a type of the tests, declared in their main: the candidate's has another name. */
  bool of_main_() { return begins_("Z4mainE"); }
  bool type_() {
    while (*at_ && is_("PROKVrCG")) at_++;
    if (*at_ == 'S') return standard_() && arguments_();
    if (*at_ == 'N') return nested_();
    if (*at_ == 'D') return at_[1] && (at_ += 2);
    if (*at_ == 'A') {
      at_++;
      while (digit_()) at_++;
      return *at_ == '_' && at_++ && type_();
    }
    return *at_ >= 'a' && *at_ <= 'z' && at_++;
  }

 private:
  bool is_(const char *set_) const {
    for (; *set_; set_++)
      if (*set_ == *at_) return true;
    return false;
  }
  bool digit_() const { return *at_ >= '0' && *at_ <= '9'; }
  /* A name with its length in front. */
  bool source_() {
    unsigned size_ = 0;
    while (digit_()) size_ = size_ * 10 + (*at_++ - '0');
    if (size_ == 0) return false;
    for (; size_ && *at_; size_--) at_++;
    return size_ == 0;
  }
  /* St and a name, an abbreviation, or a part that has occurred before. */
  bool standard_() {
    at_++;
    if (*at_ == 't') {
      at_++;
      return source_();
    }
    if (is_("absiod")) return at_++;
    while (*at_ && *at_ != '_') at_++;
    return *at_ && at_++;
  }
  bool nested_() {
    at_++;
    while (is_("rVK")) at_++;
    if (at_[0] == 'S' && at_[1] == 't') at_ += 2;
    else if (*at_ == 'S') {
      if (!standard_()) return false;
    } else if (!begins_("5boost") && !begins_("9__gnu_cxx")) return false;
    while (*at_ && *at_ != 'E') {
      if (*at_ == 'B') at_++;
      if (*at_ == 'I' ? !arguments_() : *at_ == 'S' ? !standard_() : !source_()) return false;
    }
    return *at_ && at_++;
  }
  bool begins_(const char *name_) {
    const char *place_ = at_;
    while (*name_ && *place_ == *name_) place_++, name_++;
    if (*name_) return false;
    at_ = place_;
    return true;
  }
  bool arguments_() { return *at_ != 'I' || pack_(); }
  /* Types and constants up to an E. */
  bool pack_() {
    at_++;
    while (*at_ && *at_ != 'E') {
      if (*at_ == 'L') {
        at_++;
        if (!type_()) return false;
        while (*at_ && *at_ != 'E') at_++;
        if (!*at_++) return false;
      } else if (*at_ == 'J') {
        if (!pack_()) return false;
      } else if (!type_()) return false;
    }
    return *at_ && at_++;
  }
};

/* Whether no part of a type is from the candidate: it is built in, or from the standard library with such arguments. */
template <class Type_> struct plain_ {
  static bool is_() {
    if (std::is_arithmetic<Type_>::value || std::is_pointer<Type_>::value) return true;
    Name_ name_ = {typeid(Type_).name()};
    return name_.of_main_() || (name_.type_() && !*name_.at_);
  }
};
template <> struct plain_<std::nullptr_t> {
  static bool is_() { return true; }
};

/* The type of a comparison of the two; further operators keep this type. */
template <class Left_, class Right_> struct Compared_ {
  operator bool() const;
  template <class Other_> Compared_ operator==(const Other_ &) const;
  template <class Other_> Compared_ operator!=(const Other_ &) const;
  template <class Other_> Compared_ operator&&(const Other_ &) const;
};
template <class Left_> struct Value_ {
  operator bool() const;
  template <class Right_> Compared_<Left_, Right_> operator==(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator!=(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator<(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator<=(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator>(const Right_ &) const;
  template <class Right_> Compared_<Left_, Right_> operator>=(const Right_ &) const;
  /* These bind less tightly than a comparison. */
  template <class Right_> bool operator=(const Right_ &) const;
  template <class Right_> bool operator+=(const Right_ &) const;
  template <class Right_> bool operator-=(const Right_ &) const;
  template <class Right_> bool operator*=(const Right_ &) const;
  template <class Right_> bool operator/=(const Right_ &) const;
  template <class Right_> bool operator%=(const Right_ &) const;
  template <class Right_> bool operator&=(const Right_ &) const;
  template <class Right_> bool operator|=(const Right_ &) const;
  template <class Right_> bool operator^=(const Right_ &) const;
  template <class Right_> bool operator<<=(const Right_ &) const;
  template <class Right_> bool operator>>=(const Right_ &) const;
  template <class Right_> bool operator&(const Right_ &) const;
  template <class Right_> bool operator|(const Right_ &) const;
  template <class Right_> bool operator^(const Right_ &) const;
  template <class Right_> bool operator||(const Right_ &) const;
};
struct Expression_ {
  template <class Left_> Value_<Left_> operator<=(const Left_ &) const;
};

template <class Type_> struct Of_ {
  static bool fair_() { return true; }
};
template <class Left_, class Right_> struct Of_<Compared_<Left_, Right_>> {
  typedef typename std::decay<Left_>::type One_;
  typedef typename std::decay<Right_>::type Two_;
  static bool fair_() { return std::is_same<One_, Two_>::value || plain_<One_>::is_() == plain_<Two_>::is_(); }
};

/* Values of one type that the tests have compared, as bytes. An equality may be any, but if it takes values for
   equal that differ, it must tell others apart. */
struct Equality_ {
  enum { MOST_ = 16 };
  Equality_ *next_;
  int count_;
  bool alike_, apart_;
  void *left_[MOST_], *right_[MOST_];
};
inline Equality_ *&equalities_() {
  static Equality_ *first_;
  return first_;
}
template <class Left_, class Right_> Equality_ &equality_() {
  static Equality_ own_;
  static bool known_;
  if (!known_) own_.next_ = equalities_(), equalities_() = &own_, known_ = true;
  return own_;
}
inline bool all_equal_() {
  for (Equality_ *each_ = equalities_(); each_; each_ = each_->next_)
    if (each_->alike_ && !each_->apart_) return true;
  return false;
}

/* Hides what the candidate has outside of namespaces: operators are found by the types of the operands alone. */
struct Hidden_ {};
void operator==(Hidden_, Hidden_);
void operator!=(Hidden_, Hidden_);

#if __cplusplus >= 201703L
template <class Type_> constexpr bool is_bytes_ = std::is_class<Type_>::value
  && std::is_trivially_copyable<Type_>::value && std::has_unique_object_representations<Type_>::value;
template <class Type_> bool same_(const Type_ &one_, const Type_ &two_) {
  return __builtin_memcmp(&one_, &two_, sizeof(Type_)) == 0;
}
template <class Type_> void *copy_(const Type_ &value_) {
  return __builtin_memcpy(new char[sizeof(Type_)], &value_, sizeof(Type_));
}
/* Returns whether the two are equal. */
template <class Type_> bool watch_(Type_ &left_, Type_ &right_) {
  Equality_ &kept_ = equality_<Type_, Type_>();
  bool equal_ = bool(left_ == right_);
  if (kept_.apart_ || plain_<typename std::remove_cv<Type_>::type>::is_()) return equal_;
  if (!equal_) kept_.apart_ = true;
  else if (!same_(left_, right_)) kept_.alike_ = true;
  for (int at_ = 0; at_ < kept_.count_; at_++) {
    if (!(*static_cast<Type_ *>(kept_.left_[at_]) == right_)) kept_.apart_ = true;
    if (!(left_ == *static_cast<Type_ *>(kept_.right_[at_]))) kept_.apart_ = true;
  }
  if (kept_.count_ == Equality_::MOST_) return equal_;
  kept_.left_[kept_.count_] = copy_(left_);
  kept_.right_[kept_.count_++] = copy_(right_);
  return equal_;
}
#endif

template <bool Watched_> struct Watch_ {
  template <class Left_, class Right_> static bool agree_(Left_ &, Right_ &, bool) { return true; }
};
#if __cplusplus >= 201703L
template <> struct Watch_<true> {
  template <class Left_, class Right_> static bool agree_(Left_ &left_, Right_ &right_, bool equal_) {
    return equal_ == watch_(const_cast<typename std::remove_cv<Left_>::type &>(left_),
           const_cast<typename std::remove_cv<Right_>::type &>(right_));
  }
};
#define NAME_WATCHED(Left_, Right_) (std::is_same<typename std::decay<Left_>::type, typename std::decay<Right_>::type>::value \
  && is_bytes_<typename std::decay<Left_>::type>)
#else
#define NAME_WATCHED(Left_, Right_) false
#endif

/* The operators, looking at what they compare. */
template <class Left_, class Right_>
auto equal_(Left_ &&left_, Right_ &&right_) -> decltype(static_cast<Left_ &&>(left_) == static_cast<Right_ &&>(right_)) {
  if (CHECKED && !Of_<Compared_<Left_, Right_>>::fair_()) NAME("a comparison that the program decides itself");
  bool same_ = NAME_WATCHED(Left_, Right_) && bool(static_cast<Left_ &&>(left_) == static_cast<Right_ &&>(right_));
  if (!Watch_<NAME_WATCHED(Left_, Right_)>::agree_(left_, right_, same_)) NAME("an equality that contradicts itself");
  return static_cast<Left_ &&>(left_) == static_cast<Right_ &&>(right_);
}
template <class Left_, class Right_>
auto differ_(Left_ &&left_, Right_ &&right_) -> decltype(static_cast<Left_ &&>(left_) != static_cast<Right_ &&>(right_)) {
  if (CHECKED && !Of_<Compared_<Left_, Right_>>::fair_()) NAME("a comparison that the program decides itself");
  return static_cast<Left_ &&>(left_) != static_cast<Right_ &&>(right_);
}

/* A result of a function whose declared type has nothing of the candidate's. */
template <class Type_> Type_ given_(Type_ &&value_) {
  if (!plain_<typename std::decay<Type_>::type>::is_()) NAME("a result of a type of the program's own");
  return static_cast<Type_ &&>(value_);
}

}

extern "C" void NAME_settle() {
  if (NAME_fair::all_equal_()) NAME("an equality that tells nothing apart");
}
