// SPDX-License-Identifier: Apache-2.0
#include "choose_approach.hpp"

namespace guide::plan {

Expected<std::vector<const Approach*>> approaches_to_try(View view, const PlanOptions& options) {
    const std::string seen(name_of(view));
    if (options.approach == "auto") {
        auto all = approaches_for(view, options.own_approaches);
        if (!all.empty()) return all;
        return no_answer("no-approach",
                         "No approach in the table is meant for the view " + seen + ".");
    }
    const Approach* one = find_approach(options.approach, options.own_approaches);
    if (one != nullptr && one->allows(view)) return std::vector<const Approach*>{one};
    return no_answer("wrong-view", "The approach " + options.approach +
                                       " cannot be planned on the view " + seen + ".");
}

}  // namespace guide::plan
